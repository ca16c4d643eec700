using System.Net;
using Grpc.Core;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Intake;

/// <summary>The gRPC door. Each stream becomes one session; nothing of its peer outlives it.</summary>
sealed class AgentSessions(AgentSessionParts parts) : Sessions.SessionsBase
{
    public override async Task Open(
        IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<CollectorMessage> responseStream, ServerCallContext context)
    {
        var peer = context.GetHttpContext().Features.Get<PeerAddress>();
        parts.Instruments.SessionOpened();
        try
        {
            using var session = new AgentSession(parts, requestStream, responseStream, peer?.Address);
            await session.RunAsync(context.CancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side went away or said nothing for too long. What it was not told, it sends again.
        }
        finally
        {
            parts.Instruments.SessionClosed();
        }
    }
}

/// <summary>Where a connection comes from, as far as it can be known. Used while it lasts, never kept.</summary>
/// <param name="Address">Null behind a front that does not say.</param>
sealed record PeerAddress(IPAddress? Address);
