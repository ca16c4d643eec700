using System.Net;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>
/// The platform's HTTP/1.1 over a stream that already leads where it should, so that no name is looked up, no proxy
/// asked and no redirect followed behind the probe's back. URLs are given as `http://` even over TLS: the handler
/// would otherwise do a handshake of its own.
/// </summary>
static class ConnectedHandler
{
    const int LongestHeadKilobytes = 64;

    /// <param name="arrived">Called with the number of bytes of each read.</param>
    public static HttpMessageInvoker Over(Stream stream, Action<int> arrived)
    {
        var only = new RememberingStream(stream, arrived);
        var used = false;
        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = LongestHeadKilobytes,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = (_, _) =>
            {
                // The handler opens a second connection when the first ends early; the probe has but one.
                if (used)
                    throw new IOException("", only.Broken ?? new HttpIOException(HttpRequestError.ResponseEnded));
                used = true;
                return ValueTask.FromResult<Stream>(only);
            },
        });
    }
}
