using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Uplink;

/// <summary>A stream on which the collector has proven itself. A network failure is a false or a null here, never thrown.</summary>
sealed class CollectorStream(
    GrpcChannel channel, AsyncDuplexStreamingCall<AgentMessage, CollectorMessage> call, VerificationKey identity, byte[] agentNonce, Proof proof)
    : IDisposable
{
    public VerificationKey Identity => identity;

    public Proof Proof => proof;

    /// <summary>This session's own, so that nothing said in another one fits here.</summary>
    public ByteString AgentNonce { get; } = ByteString.CopyFrom(agentNonce);

    /// <summary>What a key signs to show that it is here, in this session and no other.</summary>
    public byte[] PossessionStatement => [.. agentNonce, .. proof.CollectorNonce.Span];

    /// <returns>False when the stream is broken or ended by the other side.</returns>
    public Task<bool> SendAsync(AgentMessage message, CancellationToken ct) => TrySendAsync(call, message, ct);

    /// <returns>Null when the stream has ended, for whatever reason.</returns>
    public Task<CollectorMessage?> ReadAsync(CancellationToken ct) => TryReadAsync(call, ct);

    /// <summary>Says that nothing more comes from this side.</summary>
    public async Task CompleteAsync()
    {
        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (IsLoss(error))
        {
            return;
        }
    }

    public void Dispose()
    {
        call.Dispose();
        channel.Dispose();
    }

    public static async Task<bool> TrySendAsync(AsyncDuplexStreamingCall<AgentMessage, CollectorMessage> call, AgentMessage message, CancellationToken ct)
    {
        try
        {
            await call.RequestStream.WriteAsync(message, ct);
            return true;
        }
        catch (Exception error) when (IsLoss(error))
        {
            return false;
        }
    }

    public static async Task<CollectorMessage?> TryReadAsync(AsyncDuplexStreamingCall<AgentMessage, CollectorMessage> call, CancellationToken ct)
    {
        try
        {
            return await call.ResponseStream.MoveNext(ct) ? call.ResponseStream.Current : null;
        }
        catch (Exception error) when (IsLoss(error))
        {
            return null;
        }
    }

    // InvalidOperationException: writing to a stream that the other side has closed.
    static bool IsLoss(Exception error) =>
        error is RpcException or IOException or HttpRequestException or InvalidOperationException or OperationCanceledException;
}
