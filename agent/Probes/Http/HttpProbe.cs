using System.Net;
using Google.Protobuf;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>One request's outcome.</summary>
/// <param name="Redirect">Where the response points; null when it does not, or when it cannot be read.</param>
/// <param name="Date">The server's clock, in whole seconds; null when it does not tell.</param>
sealed record HttpResult(HttpExchange Observation, Uri? Redirect, DateTimeOffset? Date = null);

/// <summary>Gets one page over a connected stream: GET, no cookies, the headers of an ordinary browser.</summary>
/// <param name="uniform">Numbers in [0, 1) for the times at which arriving bytes are counted; null for a fixed rhythm.</param>
sealed class HttpProbe(TimeSpan timeout, Func<double>? uniform = null)
{
    /// <summary>Bytes of an ordinary body that are read.</summary>
    public const int OrdinaryBody = 64 * 1024;

    /// <summary>Bytes that are read where something is off: a status that is no success, a known blockpage.</summary>
    public const int SuspiciousBody = 512 * 1024;

    public const string UserAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    /// <summary>Takes the stream over. Does not throw for anything that the peer or the path does.</summary>
    /// <param name="scrub">Removes from free text what could tell who asked.</param>
    /// <param name="headOnly">Leaves the body unread: a reference only has to answer.</param>
    public async Task<HttpResult> GetAsync(
        Stream stream, Uri url, IPEndPoint peer, Fingerprints fingerprints, Func<string, string> scrub, bool headOnly, ProbeClock clock,
        CancellationToken cancellationToken)
    {
        var exchange = new HttpExchange
        {
            Url = url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped),
            Address = ByteString.CopyFrom(peer.Address.GetAddressBytes()),
            Port = (uint)peer.Port,
            StartedUs = clock.Now,
        };
        Uri? redirect = null;
        DateTimeOffset? date = null;
        var sampler = new ByteSampler(clock, uniform ?? (() => 0.5));
        using var deadline = new Deadline(clock.Time, timeout, cancellationToken);
        await using (stream)
        {
            try
            {
                using var invoker = ConnectedHandler.Over(stream, sampler.Note);
                using var request = RequestFor(url);
                using var response = await invoker.SendAsync(request, deadline.Token);
                exchange.FirstByteUs = clock.Now;
                exchange.Status = (uint)response.StatusCode;
                exchange.Headers.AddRange(ResponseHeaders.Keep(response, scrub));
                redirect = RedirectOf(url, response);
                date = response.Headers.Date;
                if (!headOnly)
                    await ReduceAsync(exchange, response, fingerprints, scrub, deadline.Token);
            }
            catch (OperationCanceledException)
            {
                exchange.Failure = deadline.Failure;
            }
            catch (Exception e) when (FailureClassifier.IsNetworkFailure(e))
            {
                exchange.Failure = FailureClassifier.Of(e);
            }
        }
        exchange.DurationUs = clock.Since(exchange.StartedUs);
        sampler.Into(exchange);
        return new HttpResult(exchange, redirect, date);
    }

    static HttpRequestMessage RequestFor(Uri url)
    {
        var path = url.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped);
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://{url.IdnHost switch { var v6 when v6.Contains(':') => $"[{v6}]", var host => host }}{path}")
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        request.Headers.TryAddWithoutValidation("Accept-Language", "en-US,en;q=0.5");
        request.Headers.TryAddWithoutValidation("Upgrade-Insecure-Requests", "1");
        return request;
    }

    static Uri? RedirectOf(Uri url, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
            return null;
        return ResponseHeaders.Value(response, "Location") is { } location && Uri.TryCreate(url, location, out var target) ? target : null;
    }

    static async Task ReduceAsync(
        HttpExchange exchange, HttpResponseMessage response, Fingerprints fingerprints, Func<string, string> scrub,
        CancellationToken cancellationToken)
    {
        var charset = response.Content.Headers.ContentType?.CharSet;
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var limit = response.IsSuccessStatusCode ? OrdinaryBody : SuspiciousBody;
        var body = new MemoryStream();
        try
        {
            await ReadAsync(content, body, limit, cancellationToken);
            Match(exchange, response, fingerprints, BodyText.Read(Written(body), charset));
            if (exchange.Fingerprints.Count > 0 && limit < SuspiciousBody)
                await ReadAsync(content, body, limit = SuspiciousBody, cancellationToken);
        }
        finally
        {
            // What came before a break is reduced as well: a page that stops in its middle is evidence.
            var truncated = body.Length > limit;
            var text = BodyText.Read(Written(body)[..(int)Math.Min(body.Length, limit)], charset);
            if (exchange.Fingerprints.Count == 0)
                Match(exchange, response, fingerprints, text);
            BodyReduction.Into(exchange, text, truncated, scrub);
        }
    }

    static ReadOnlySpan<byte> Written(MemoryStream body) => body.GetBuffer().AsSpan(0, (int)body.Length);

    // One byte beyond the limit tells a longer body from one that just fits.
    static async Task ReadAsync(Stream content, MemoryStream body, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (body.Length <= limit)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit + 1 - body.Length)), cancellationToken);
            if (read == 0)
                return;
            body.Write(buffer, 0, read);
        }
    }

    static void Match(HttpExchange exchange, HttpResponseMessage response, Fingerprints fingerprints, string text)
    {
        exchange.Fingerprints.Clear();
        exchange.Fingerprints.AddRange(fingerprints.Match(name => ResponseHeaders.Value(response, name), BodyReduction.TitleOf(text), text));
    }
}
