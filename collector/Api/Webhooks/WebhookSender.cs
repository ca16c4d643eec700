using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Webhooks;

/// <summary>How an attempt went.</summary>
/// <param name="Trouble">Null when it was taken.</param>
/// <param name="IsOver">Who is asked says that there is nothing any more.</param>
readonly record struct WebhookAttempt(string? Trouble, bool IsOver = false);

/// <summary>
/// Sends one message. The address is looked up here and connected to as it was checked, so that a name cannot mean another machine a moment later;
/// redirects are not followed and nothing of the answer but its status is read.
/// </summary>
sealed class WebhookSender : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Addresses that stand for one of IPv4 (RFC 6052, RFC 3056), by where that begins.
    static readonly (IPNetwork Network, int At)[] Wrapping = [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    readonly HttpClient _http;
    readonly TimeProvider _time;
    readonly bool _allowsPrivate;

    public WebhookSender(IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_time, _allowsPrivate) = (time, options.Value.AllowPrivate);
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = Patience,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Patience,
        };
    }

    public async Task<WebhookAttempt> SendAsync(Webhook hook, WebhookMessage message, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(hook.Secret, message.Id, now, message.Body));
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode ? default : new($"It answered {(int)answer.StatusCode}.", answer.StatusCode == HttpStatusCode.Gone);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new($"It did not answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException e)
        {
            return new(e.InnerException switch
            {
                AddressRefusedException => "Its name has no public address.",
                AuthenticationException => "Its certificate does not hold.",
                _ => "It cannot be reached.",
            });
        }
    }

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return !Bogon.Is(address)
            && !Wrapping.Any(wrapping => wrapping.Network.Contains(address) && Bogon.Is(new(bytes.AsSpan(wrapping.At, 4))));
    }

    public void Dispose() => _http.Dispose();

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = Array.FindAll(addresses, address => _allowsPrivate || IsPublic(address));
        if (allowed.Length == 0)
            throw new AddressRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    sealed class AddressRefusedException() : IOException("The address is not public.");
}
