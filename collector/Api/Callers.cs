using System.Net.Http.Headers;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>Knows callers by the bearer key of a request, or by the cookie of a reader who signed in on the page.</summary>
sealed class Callers(ApiKeys keys, SignIns signIns)
{
    public const string Cookie = "probenet-sign-in";

    /// <returns>Null when the request names a key or a sign-in that is not in force: it is not silently the public's.</returns>
    public async Task<Caller?> OfAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
            return AuthenticationHeaderValue.TryParse(authorization, out var header)
                && string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
                && header.Parameter is { } text
                && await keys.FindAsync(text, ct) is { } key
                ? Caller.Of(key)
                : null;
        if (!context.Request.Cookies.TryGetValue(Cookie, out var token))
            return Caller.Public;
        // A sign-in that ran out is how every sign-in ends; the reader is the public again.
        return await signIns.FindAsync(token, ct) is { } signedIn ? Caller.Of(signedIn) : Caller.Public;
    }
}
