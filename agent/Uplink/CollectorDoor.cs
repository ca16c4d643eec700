using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Uplink;

/// <summary>Knocks at a collector's addresses, in random order, until one answers with the proof that the invite pinned.</summary>
sealed class CollectorDoor(UplinkOptions options, IdentityOptions identity, TimeProvider time, Random random)
{
    const int NonceSize = 32;

    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>True when nothing stands between this machine and the collector that this machine knows of.</summary>
    public bool IsDirect => options.ProxyAddress() is null;

    /// <returns>A stream, or why there is none.</returns>
    public async Task<(CollectorStream? Stream, ContactEnd End)> OpenAsync(CollectorEndpoint endpoint, CancellationToken ct)
    {
        var end = new ContactEnd(ContactResult.Unreachable);
        var addresses = endpoint.Addresses.ToArray();
        random.Shuffle(addresses);
        foreach (var text in addresses)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                continue;
            var bound = identity.Interface.Length > 0 ? IPAddress.Parse(identity.Interface) : null;
            var channel = CollectorChannel.Create(address, endpoint.TlsPin, options.ProxyAddress(), bound);
            var (stream, failure) = await KnockAsync(channel, endpoint, ct);
            if (stream is not null)
                return (stream, ContactEnd.Done);
            channel.Dispose();
            // That something false answered says more than that another address was silent.
            end = end.Result == ContactResult.NotTheCollector ? end : failure;
        }
        return (null, end);
    }

    async Task<(CollectorStream?, ContactEnd)> KnockAsync(GrpcChannel channel, CollectorEndpoint endpoint, CancellationToken ct)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var call = new Sessions.SessionsClient(channel).Open(new CallOptions(cancellationToken: ct));
        using var deadline = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var knock = new AgentMessage { Knock = new() { Nonce = UnsafeByteOperations.UnsafeWrap(nonce) } };
        var answer = await CollectorStream.TrySendAsync(call, knock, either.Token) ? await CollectorStream.TryReadAsync(call, either.Token) : null;
        if (answer is null)
        {
            var status = StatusOf(call);
            call.Dispose();
            return (null, new(ContactResult.Unreachable, status));
        }
        if (VerificationKey.TryImport(endpoint.IdentityKey.Span, out var key) && ProofOf(answer, key, nonce) is { } proof)
            return (new(channel, call, key, nonce, proof), ContactEnd.Done);
        call.Dispose();
        return (null, new(ContactResult.NotTheCollector));
    }

    // The code alone: the detail names addresses.
    static string StatusOf(AsyncDuplexStreamingCall<AgentMessage, CollectorMessage> call)
    {
        try
        {
            return call.GetStatus().StatusCode.ToString();
        }
        catch (InvalidOperationException)
        {
            return "no_answer";
        }
    }

    static Proof? ProofOf(CollectorMessage answer, VerificationKey key, byte[] nonce)
    {
        if (answer.MessageCase != CollectorMessage.MessageOneofCase.Proof || !key.Verify(SigningContext.Proof, answer.Proof))
            return null;
        var proof = Proof.Parser.ParseFrom(answer.Proof.Statement);
        return proof.AgentNonce.Span.SequenceEqual(nonce) && proof.CollectorNonce.Length >= NonceSize && proof.EncryptionKey.Length == 32 ? proof : null;
    }
}
