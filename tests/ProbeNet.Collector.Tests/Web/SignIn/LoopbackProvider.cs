using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using ProbeNet.Collector.Tests.Api;

namespace ProbeNet.Collector.Tests.Web.SignIn;

/// <summary>An OpenID provider on loopback: discovery, keys, authorization with PKCE, tokens. What a token says can be made wrong, one thing at a time.</summary>
sealed class LoopbackProvider : IAsyncDisposable
{
    public const string Client = "collector";
    public const string Secret = "a secret of the client";

    readonly WebApplication _app;
    readonly TimeProvider _time;
    readonly RSA _rsa = RSA.Create(2048);
    readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly ConcurrentDictionary<string, (string Nonce, string Challenge, string RedirectUri)> _codes = new(StringComparer.Ordinal);

    LoopbackProvider(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    public string Issuer => _app.Urls.Single();

    public string Algorithm { get; set; } = "RS256";

    /// <summary>Alters the claims of the next tokens.</summary>
    public Action<JsonObject> Claims { get; set; } = _ => { };

    /// <summary>Alters the parts of a token that is signed.</summary>
    public Func<string, string> Token { get; set; } = token => token;

    /// <summary>Tokens were asked for with the right verifier and secret.</summary>
    public int Redeemed { get; private set; }

    public static async Task<LoopbackProvider> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var provider = new LoopbackProvider(builder.Build(), time);
        provider._app.MapGet("/.well-known/openid-configuration", provider.Describe);
        provider._app.MapGet("/keys", provider.Keys);
        provider._app.MapGet("/authorize", provider.Authorize);
        provider._app.MapPost("/token", provider.RedeemAsync);
        await provider._app.StartAsync(WebGround.Ct);
        return provider;
    }

    IResult Describe() => Results.Json(new JsonObject
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = Issuer + "/authorize",
        ["token_endpoint"] = Issuer + "/token",
        ["jwks_uri"] = Issuer + "/keys",
        ["response_types_supported"] = new JsonArray("code"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256", "ES256"),
    });

    IResult Keys()
    {
        var (rsa, ec) = (_rsa.ExportParameters(false), _ec.ExportParameters(false));
        return Results.Json(new
        {
            keys = new object[]
            {
                new { kty = "RSA", use = "sig", kid = "RS256", n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) },
                new { kty = "EC", use = "sig", kid = "ES256", crv = "P-256", x = Base64Url.EncodeToString(ec.Q.X), y = Base64Url.EncodeToString(ec.Q.Y) },
            },
        });
    }

    IResult Authorize(HttpRequest request)
    {
        string Of(string name) => request.Query[name].ToString();
        if (Of("client_id") != Client || Of("response_type") != "code" || Of("code_challenge_method") != "S256" || Of("nonce").Length == 0 || !Of("scope").Split(' ').Contains("openid"))
            return Results.BadRequest();
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (Of("nonce"), Of("code_challenge"), Of("redirect_uri"));
        return Results.Redirect(QueryHelpers.AddQueryString(Of("redirect_uri"), new Dictionary<string, string?> { ["code"] = code, ["state"] = Of("state") }));
    }

    async Task<IResult> RedeemAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!_codes.TryRemove(form["code"].ToString(), out var asked) || form["redirect_uri"] != asked.RedirectUri || form["client_id"] != Client || form["client_secret"] != Secret
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != asked.Challenge)
            return Results.BadRequest(new { error = "invalid_grant" });
        Redeemed++;
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Client,
            ["sub"] = "person-7",
            ["preferred_username"] = "sokha",
            ["groups"] = new JsonArray("staff", "probenet-operators"),
            ["nonce"] = asked.Nonce,
            ["iat"] = now,
            ["exp"] = now + 300,
        };
        Claims(claims);
        return Results.Json(new { access_token = "nothing", token_type = "Bearer", expires_in = 300, id_token = Token(Signed(claims)) });
    }

    string Signed(JsonObject claims)
    {
        var content = Part(new JsonObject { ["alg"] = Algorithm, ["kid"] = Algorithm, ["typ"] = "JWT" }) + "." + Part(claims);
        var bytes = Encoding.ASCII.GetBytes(content);
        return content + "." + Algorithm switch
        {
            "RS256" => Base64Url.EncodeToString(_rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            "ES256" => Base64Url.EncodeToString(_ec.SignData(bytes, HashAlgorithmName.SHA256)),
            // What a library that trusts the header would take for signed.
            "HS256" => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), bytes)),
            _ => "",
        };
    }

    static string Part(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _rsa.Dispose();
        _ec.Dispose();
    }
}
