using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProbeNet.Testing;

namespace ProbeNet.Collector.Tests.Api.Evidence;

/// <summary>A time-stamping authority on loopback: OpenSSL answers, a small listener carries its answers.</summary>
sealed class LoopbackAuthority : IAsyncDisposable
{
    readonly DirectoryInfo _home;
    readonly WebApplication _app;
    readonly SemaphoreSlim _one = new(1);

    LoopbackAuthority(DirectoryInfo home, WebApplication app) => (_home, _app) = (home, app);

    public Uri Address => new(_app.Urls.Single() + "/tsa");

    /// <summary>The root's certificate, as PEM.</summary>
    public string CertificateFile => Path.Combine(_home.FullName, "root.pem");

    /// <summary>Questions so far.</summary>
    public int Asked { get; private set; }

    public static async Task<LoopbackAuthority> StartAsync()
    {
        var home = Directory.CreateTempSubdirectory("probenet-tsa-");
        await PrepareAsync(home.FullName);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var authority = new LoopbackAuthority(home, builder.Build());
        authority._app.MapPost("/tsa", authority.AnswerAsync);
        await authority._app.StartAsync(WebGround.Ct);
        return authority;
    }

    async Task<IResult> AnswerAsync(HttpRequest request)
    {
        // OpenSSL counts in a file.
        await _one.WaitAsync();
        try
        {
            Asked++;
            if (request.ContentType != "application/timestamp-query")
                return Results.StatusCode((int)HttpStatusCode.UnsupportedMediaType);
            await using (var query = File.Create(Path.Combine(_home.FullName, "query.tsq")))
                await request.Body.CopyToAsync(query);
            var (code, _, error) = await Interpreter.RunAsync(
                "openssl", ["ts", "-reply", "-config", Path.Combine(_home.FullName, "tsa.conf"), "-queryfile", Path.Combine(_home.FullName, "query.tsq"), "-out", Path.Combine(_home.FullName, "reply.tsr")],
                "", request.HttpContext.RequestAborted);
            return code == 0 ? Results.Bytes(await File.ReadAllBytesAsync(Path.Combine(_home.FullName, "reply.tsr")), "application/timestamp-reply") : Results.Problem(error);
        }
        finally
        {
            _one.Release();
        }
    }

    static async Task PrepareAsync(string home)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=Loopback Root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        rootRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(rootRequest.PublicKey, critical: false));
        using var root = rootRequest.CreateSelfSigned(now.AddDays(-2), now.AddDays(400));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Loopback Authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.8")], critical: true));
        using var certificate = request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), now.AddDays(-1), now.AddDays(300), [1, 2, 3, 4]);
        var files = new Dictionary<string, string>
        {
            ["root.pem"] = root.ExportCertificatePem(),
            ["authority.pem"] = certificate.ExportCertificatePem(),
            ["authority.key"] = key.ExportPkcs8PrivateKeyPem(),
            ["serial"] = "01\n",
            ["tsa.conf"] = $"""
                [tsa]
                default_tsa = loopback
                [loopback]
                serial = {home}/serial
                signer_cert = {home}/authority.pem
                certs = {home}/root.pem
                signer_key = {home}/authority.key
                signer_digest = sha256
                default_policy = 1.2.3.4.1
                digests = sha256
                ess_cert_id_alg = sha256

                """,
        };
        foreach (var (name, text) in files)
            await File.WriteAllTextAsync(Path.Combine(home, name), text, WebGround.Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _one.Dispose();
        _home.Delete(recursive: true);
    }
}
