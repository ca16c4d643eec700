using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Resolvers;
using ProbeNet.Lab.Sites;

namespace ProbeNet.Lab.Judging;

/// <summary>
/// Opens a page from a host of the lab by the plainest means, a step after the other, and says where it ended. It shares no
/// code with the agent: a lab that is right for both is right.
/// </summary>
/// <param name="family">Of the addresses that are asked for and visited.</param>
sealed class Visitor(Host host, IPAddress resolver, AddressPlan plan, X509Certificate2 root, AddressFamily family = AddressFamily.InterNetwork)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    readonly DnsRelay _resolver = new(host, resolver);

    /// <summary>"ok", or a mechanism in the words of the project.</summary>
    public async Task<string> Open(Uri page)
    {
        var question = DnsMessage.Query(1, page.Host, family == AddressFamily.InterNetwork ? DnsMessage.TypeA : DnsMessage.TypeAaaa);
        if ((await _resolver.Ask(question, Patience) ?? await _resolver.Ask(question, Patience)) is not { } reply)
            return "dns.timeout";
        var answer = DnsReply.Read(reply);
        if (answer.Code != 0)
            return answer.Code == 3 ? "dns.nxdomain" : "dns.servfail";
        if (answer.Addresses is not [var address, ..])
            return "dns.empty";
        if (!plan.Sites[page.Host].All.Contains(address))
            return address.ToString().StartsWith("11.", StringComparison.Ordinal) ? "dns.injection.blockpage" : "dns.injection.bogon";
        return await Fetch(page, address);
    }

    async Task<string> Fetch(Uri page, IPAddress address)
    {
        using var socket = host.Tcp(family);
        var layer = "tcp";
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(address, page.Port, deadline.Token);
            Stream stream = new NetworkStream(socket);
            if (page.Scheme == Uri.UriSchemeHttps)
            {
                layer = "tls";
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(Trust(page.Host), deadline.Token);
                stream = tls;
            }
            layer = "http";
            return await Ask(page, stream, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return layer + ".timeout";
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            var code = (failure as SocketException ?? failure.InnerException as SocketException)?.SocketErrorCode;
            return layer + (code == SocketError.ConnectionRefused ? ".refused" : code == SocketError.ConnectionReset ? ".reset" : ".close");
        }
        catch (System.Security.Authentication.AuthenticationException)
        {
            return "tls.mitm";
        }
    }

    static async Task<string> Ask(Uri page, Stream stream, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {page.Host}\r\nConnection: close\r\n\r\n"), cancel);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(cancel);
        if (answer.Contains(Origin.Page(page.Host), StringComparison.Ordinal))
            return "ok";
        return answer.Contains(PageReplaced.Heading, StringComparison.Ordinal) ? "http.blockpage" : "http.other";
    }

    SslClientAuthenticationOptions Trust(string name) => new()
    {
        TargetHost = name,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };
}
