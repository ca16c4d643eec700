using Google.Protobuf;
using Grpc.Core;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

/// <summary>An agent's end of a session, message by message, so that each of them can be wrong.</summary>
sealed class TestSession : IDisposable
{
    readonly AsyncDuplexStreamingCall<AgentMessage, CollectorMessage> _call;
    readonly byte[] _nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);

    TestSession(AsyncDuplexStreamingCall<AgentMessage, CollectorMessage> call) => _call = call;

    public Signed SignedProof { get; private set; } = new();

    public Proof Proof { get; private set; } = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestSession> OpenAsync(RunningCollector collector)
    {
        var session = new TestSession(collector.Client().Open(cancellationToken: Cancel));
        await session.SendAsync(new() { Knock = new() { Nonce = ByteString.CopyFrom(session._nonce) } });
        session.SignedProof = (await session.NextAsync()).Proof;
        session.Proof = Proof.Parser.ParseFrom(session.SignedProof.Statement);
        return session;
    }

    /// <summary>Says hello with a certified key and is welcomed.</summary>
    public static async Task<TestSession> WelcomedAsync(RunningCollector collector, SigningKey key, Signed certificate)
    {
        var session = await OpenAsync(collector);
        await session.SendAsync(new() { Hello = session.Hello(key, certificate) });
        Assert.Equal(8u, (await session.NextAsync()).Welcome.Window);
        return session;
    }

    /// <summary>Enrols a new key with an invite.</summary>
    public static async Task<(SigningKey Key, Enrolled Enrolled)> EnrolAsync(RunningCollector collector, byte[] invite, Action<KeyRequest>? change = null)
    {
        var key = SigningKey.Create();
        using var session = await OpenAsync(collector);
        await session.SendAsync(new() { Redeem = session.Redeem(key, invite, change) });
        var answer = await session.NextAsync();
        Assert.Equal(CollectorMessage.MessageOneofCase.Enrolled, answer.MessageCase);
        return (key, answer.Enrolled);
    }

    public Envelope Redeem(SigningKey key, byte[] invite, Action<KeyRequest>? change = null) =>
        Seal(new Redeem { InviteSecret = ByteString.CopyFrom(invite), Key = Request(key, change) });

    public Envelope Certify(SigningKey key, ByteString credential, Action<KeyRequest>? change = null) =>
        Seal(new Certify { Credential = credential, Key = Request(key, change) });

    public Hello Hello(SigningKey key, Signed certificate) => new()
    {
        Certificate = certificate,
        Possession = Possession(key),
        Clock = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        AgentVersion = "0.1.0",
    };

    public Envelope Seal(IMessage message) => Sealed.TrySeal(message.ToByteArray(), Proof.EncryptionKey.Span)!;

    public Task SendAsync(AgentMessage message) => _call.RequestStream.WriteAsync(message, Cancel);

    public Task EndAsync() => _call.RequestStream.CompleteAsync();

    public async Task<CollectorMessage> NextAsync()
    {
        Assert.True(await _call.ResponseStream.MoveNext(Cancel), "the session ended without an answer");
        return _call.ResponseStream.Current;
    }

    /// <summary>The reason of the refusal that must come next, and after which the session must end.</summary>
    public async Task<string> RefusalAsync()
    {
        var answer = await NextAsync();
        Assert.Equal(CollectorMessage.MessageOneofCase.Refusal, answer.MessageCase);
        Assert.NotEmpty(answer.Refusal.Remedy);
        Assert.False(await _call.ResponseStream.MoveNext(Cancel));
        return answer.Refusal.Reason;
    }

    public async Task<Receipt> ReceiptAsync(RunningCollector collector)
    {
        var answer = await NextAsync();
        Assert.Equal(CollectorMessage.MessageOneofCase.Receipt, answer.MessageCase);
        Assert.True(collector.Fleet.Keys.Identity.PublicKey.Verify(SigningContext.Receipt, answer.Receipt));
        return Receipt.Parser.ParseFrom(answer.Receipt.Statement);
    }

    public void Dispose() => _call.Dispose();

    KeyRequest Request(SigningKey key, Action<KeyRequest>? change)
    {
        var request = new KeyRequest { PublicKey = key.PublicKey.Bytes, Possession = Possession(key), Asn = 64501, Cc = "KH" };
        change?.Invoke(request);
        return request;
    }

    ByteString Possession(SigningKey key) =>
        ByteString.CopyFrom(key.Sign(SigningContext.Possession, (byte[])[.. _nonce, .. Proof.CollectorNonce.Span]));
}
