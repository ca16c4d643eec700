namespace ProbeNet.Agent.Uplink;

/// <summary>Asks for everything below the collector's secret path, and says no more of the program than HTTP needs.</summary>
sealed class PathPrefixHandler(string prefix, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    readonly string _prefix = prefix.TrimEnd('/');

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        request.RequestUri = new UriBuilder(address) { Path = _prefix + address.AbsolutePath }.Uri;
        request.Headers.UserAgent.Clear();
        return base.SendAsync(request, cancellationToken);
    }
}
