using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Uplink;

/// <summary>A collector on loopback that checks what agents send as the real one does, and answers what the test wants.</summary>
sealed class ScriptedCollector : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly SigningKey _identity = SigningKey.Create();

    ScriptedCollector(WebApplication app) => _app = app;

    public DecryptionKey Decryption { get; } = DecryptionKey.Create();

    public SigningKey ListKey { get; } = SigningKey.Create();

    public string Address { get; private set; } = "";

    /// <summary>What a batch is answered with; null answers nothing.</summary>
    public Func<Batch, Receipt?> Answer { get; set; } = _ => new() { Outcome = ReceiptOutcome.Accepted };

    /// <summary>Batches of a session from which on it is ended, as the real one ends what asks too much.</summary>
    public int MostOfSession { get; set; } = int.MaxValue;

    /// <summary>Sent after the welcome.</summary>
    public Queue<CollectorMessage> AfterWelcome { get; } = [];

    /// <summary>Sent in place of the welcome.</summary>
    public Refusal? RefuseHello { get; set; }

    /// <summary>Signs receipts and proofs; another key than the pinned one plays an impostor.</summary>
    public SigningKey? Impostor { get; set; }

    public string InviteSecret { get; } = "an invite's secret";

    public ConcurrentQueue<Batch> Batches { get; } = [];

    public ConcurrentQueue<KeyRequest> Requests { get; } = [];

    public ConcurrentQueue<AgentMessage> Others { get; } = [];

    public ConcurrentQueue<string> UserAgents { get; } = [];

    public ConcurrentQueue<string> Connections { get; } = [];

    public Invite Invite => new()
    {
        Secret = ByteString.CopyFromUtf8(InviteSecret),
        IdentityKey = _identity.PublicKey.Bytes,
        Addresses = { Address },
        ListKeys = { ByteString.CopyFrom(SHA256.HashData(ListKey.PublicKey.Bytes.Span)) },
    };

    /// <param name="certificate">Null: no TLS.</param>
    public static async Task<ScriptedCollector> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        builder.Services.AddGrpc();
        ScriptedCollector? self = null;
        builder.Services.AddSingleton(_ => new Session(self!));
        var app = builder.Build();
        self = new(app);
        app.UsePathBase("/a-secret");
        app.Use((context, next) => context.Request.PathBase.HasValue ? next(context) : Empty(context));
        app.UseRouting();
        app.MapGrpcService<Session>();
        await app.StartAsync();
        self.Address = app.Urls.Single() + "/a-secret";
        return self;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    static Task Empty(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    Signed CertificateFor(KeyRequest request) => _identity.Sign(SigningContext.Certificate, new KeyCertificate
    {
        PublicKey = request.PublicKey,
        Role = Role.Agent,
        Cc = "KH",
        Asn = 64500,
        Epoch = Day.EpochOf(Day.Of(TimeProvider.System.GetUtcNow())),
        ExpiresDay = uint.MaxValue,
    });

    sealed class Session(ScriptedCollector collector) : Sessions.SessionsBase
    {
        public override async Task Open(
            IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<CollectorMessage> responseStream, ServerCallContext context)
        {
            collector.UserAgents.Enqueue(context.RequestHeaders.GetValue("user-agent") ?? "");
            collector.Connections.Enqueue(context.GetHttpContext().Connection.Id);
            byte[] possession = [];
            var taken = 0;
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
            {
                switch (message.MessageCase)
                {
                    case AgentMessage.MessageOneofCase.Knock:
                        var nonce = RandomNumberGenerator.GetBytes(32);
                        possession = [.. message.Knock.Nonce.Span, .. nonce];
                        await responseStream.WriteAsync(new() { Proof = Sign(SigningContext.Proof, ProofFor(message.Knock, nonce)) });
                        break;
                    case AgentMessage.MessageOneofCase.Redeem:
                        var redeem = Redeem.Parser.ParseFrom(Open(message.Redeem));
                        Check(redeem.Key, possession);
                        collector.Requests.Enqueue(redeem.Key);
                        await responseStream.WriteAsync(redeem.InviteSecret.ToStringUtf8() == collector.InviteSecret
                            ? new() { Enrolled = new() { Credential = ByteString.CopyFromUtf8("1"), Certificate = collector.CertificateFor(redeem.Key), ListKeys = { collector.ListKey.PublicKey.Bytes } } }
                            : new() { Refusal = new() { Reason = Refusals.BadInvite, Remedy = "Ask for another." } });
                        break;
                    case AgentMessage.MessageOneofCase.Certify:
                        var certify = Certify.Parser.ParseFrom(Open(message.Certify));
                        Check(certify.Key, possession);
                        collector.Requests.Enqueue(certify.Key);
                        await responseStream.WriteAsync(new() { Certified = new() { Credential = ByteString.CopyFromUtf8("2"), Certificate = collector.CertificateFor(certify.Key) } });
                        break;
                    case AgentMessage.MessageOneofCase.Hello:
                        var certificate = KeyCertificate.Parser.ParseFrom(message.Hello.Certificate.Statement);
                        Check(new() { PublicKey = certificate.PublicKey, Possession = message.Hello.Possession }, possession);
                        await GreetAsync(responseStream);
                        break;
                    case AgentMessage.MessageOneofCase.Batch when taken++ == collector.MostOfSession:
                        await responseStream.WriteAsync(new() { Refusal = new() { Reason = Refusals.Rate } });
                        return;
                    case AgentMessage.MessageOneofCase.Batch:
                        await TakeAsync(message.Batch, responseStream);
                        break;
                    case AgentMessage.MessageOneofCase.Withdrawal:
                        collector.Others.Enqueue(message);
                        await responseStream.WriteAsync(new() { Withdrawn = new() { Durable = true } });
                        break;
                    default:
                        collector.Others.Enqueue(message);
                        break;
                }
            }
        }

        async Task GreetAsync(IServerStreamWriter<CollectorMessage> stream)
        {
            if (collector.RefuseHello is { } refusal)
            {
                await stream.WriteAsync(new() { Refusal = refusal });
                return;
            }
            await stream.WriteAsync(new() { Welcome = new() { Window = 4, HeartbeatSeconds = 1 } });
            while (collector.AfterWelcome.TryDequeue(out var message))
                await stream.WriteAsync(message);
        }

        async Task TakeAsync(Envelope envelope, IServerStreamWriter<CollectorMessage> stream)
        {
            var batch = Batch.Parser.ParseFrom(Open(envelope));
            if (BatchCheck.Check(batch, out var seal) is { } wrong)
                throw new InvalidOperationException($"The agent sent a batch that does not hold: {wrong}.");
            collector.Batches.Enqueue(batch);
            if (collector.Answer(batch) is not { } receipt)
                return;
            receipt.SealHash = ByteString.CopyFrom(seal!.SealHash);
            receipt.EnvelopeHash = ByteString.CopyFrom(Sealed.Hash(envelope));
            await stream.WriteAsync(new() { Receipt = Sign(SigningContext.Receipt, receipt) });
        }

        Proof ProofFor(Knock knock, byte[] nonce) => new()
        {
            AgentNonce = knock.Nonce,
            CollectorNonce = ByteString.CopyFrom(nonce),
            EncryptionKey = ByteString.CopyFrom(collector.Decryption.PublicKey),
            Clock = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        };

        Signed Sign(SigningContext context, IMessage statement) => (collector.Impostor ?? collector._identity).Sign(context, statement);

        byte[] Open(Envelope envelope) =>
            Sealed.TryOpen(envelope, collector.Decryption) is { } compressed && Sealed.TryDecompress(compressed) is { } content
                ? content.Memory.ToArray()
                : throw new InvalidOperationException("The agent sealed to another key.");

        static void Check(KeyRequest request, byte[] possession)
        {
            if (!VerificationKey.TryImport(request.PublicKey.Span, out var key) || !key.Verify(SigningContext.Possession, possession, request.Possession.Span))
                throw new InvalidOperationException("The agent does not show that it holds its key.");
        }
    }
}
