# Built from the repository's root: docker build -f deploy/agent.Dockerfile .
# For controls. A volunteer is better served by the package: a container hides the network from the agent.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang lld zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
ARG TARGETARCH=amd64
RUN case "$TARGETARCH" in arm64) runtime=linux-arm64 ;; *) runtime=linux-x64 ;; esac \
    && dotnet publish agent/ProbeNet.Agent.csproj -c Release -r "$runtime" -o /program

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
COPY --from=build /program/probenet-agent /program/libsodium.so /opt/probenet/
RUN install -d -o app -g app -m 700 /var/lib/probenet-agent
ENV PROBENET_Agent__StateDirectory=/var/lib/probenet-agent
VOLUME /var/lib/probenet-agent
USER app
ENTRYPOINT ["/opt/probenet/probenet-agent"]
CMD ["run"]
