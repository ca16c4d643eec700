# Built from the repository's root: docker build -f deploy/collector.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish collector/ProbeNet.Collector.csproj -c Release -o /program

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /program /opt/probenet
# The program reads appsettings.json of its working directory: that is where compose puts the connection strings.
WORKDIR /etc/probenet-collector
# /operator holds the key that signs lists; only one-off containers mount it, never the one that serves.
# pg_dump and pg_restore, for backups: of the store's own version (16) in this image's distribution.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN install -d -o app -g app -m 700 /var/lib/probenet-collector /operator
ENV PROBENET_Collector__StateDirectory=/var/lib/probenet-collector \
    PROBENET_Kestrel__Endpoints__Web__Url=http://*:8080 \
    DOTNET_EnableDiagnostics=0
VOLUME /var/lib/probenet-collector
USER app
EXPOSE 7443 8080
ENTRYPOINT ["/opt/probenet/probenet-collector"]
CMD ["serve"]
