using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using ProbeNet.Agent.Probes;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// The last thing that happens to facts before they are kept: every text in them is scrubbed, and what still holds a
/// secret afterwards is not sent. Pure.
/// </summary>
static class FactsScrubber
{
    public const string OwnAddressAnswered = "answer:own_address";

    /// <returns>False when something cannot be scrubbed: the measurement must be dropped.</returns>
    public static bool TryScrub(
        Facts facts, IReadOnlyCollection<byte[]> certificates, Scrubber scrubber, [NotNullWhen(true)] out Facts? scrubbed)
    {
        scrubbed = null;
        var copy = facts.Clone();
        var answers = AnswersOf(facts);
        foreach (var query in copy.Dns)
            Scrub(query, copy, scrubber, answers);
        if (copy.Network?.Nonexistent is { } nonexistent)
            Scrub(nonexistent, copy, scrubber, answers);
        foreach (var connect in copy.Tcp)
            connect.Failure = scrubber.Name(connect.Failure, answers);
        foreach (var handshake in copy.Tls)
        {
            handshake.Failure = scrubber.Name(handshake.Failure, answers);
            handshake.ServerName = scrubber.Name(handshake.ServerName, answers);
        }
        foreach (var exchange in copy.Http)
            Scrub(exchange, scrubber, answers);
        foreach (var exchange in copy.Quic)
        {
            exchange.Failure = scrubber.Name(exchange.Failure, answers);
            exchange.ServerName = scrubber.Name(exchange.ServerName, answers);
        }
        foreach (var test in copy.Paths)
            test.Name = scrubber.Name(test.Name, answers);
        if (StillTells(copy.ToByteArray(), scrubber) || certificates.Any(der => StillTells(der, scrubber)))
            return false;
        scrubbed = copy;
        return true;
    }

    public static IReadOnlySet<IPAddress> AnswersOf(Facts facts) =>
        facts.Dns.SelectMany(query => query.Replies).SelectMany(reply => reply.Answers)
            .Where(answer => answer.Address.Length is 4 or 16)
            .Select(answer => Scrubber.Plain(new IPAddress(answer.Address.Span)))
            .ToHashSet();

    static void Scrub(DnsQuery query, Facts facts, Scrubber scrubber, IReadOnlySet<IPAddress> answers)
    {
        query.Hostname = scrubber.Name(query.Hostname, answers);
        query.Failure = scrubber.Name(query.Failure, answers);
        foreach (var answer in query.Replies.SelectMany(reply => reply.Answers))
        {
            if (answer.Cname.Length > 0)
                answer.Cname = scrubber.Name(answer.Cname, answers);
            else if (answer.Service is { } service)
            {
                service.Target = scrubber.Name(service.Target, answers);
                for (var i = 0; i < service.Hints.Count; i++)
                {
                    if (scrubber.Secrets.Contains(Scrubber.Plain(new IPAddress(service.Hints[i].Span))))
                        service.Hints[i] = Stand(service.Hints[i].Span);
                }
            }
            else if (answer.Address.Length is 4 or 16 && scrubber.Secrets.Contains(Scrubber.Plain(new IPAddress(answer.Address.Span))))
            {
                answer.Address = Stand(answer.Address.Span);
                if (!facts.Limitations.Contains(OwnAddressAnswered))
                    facts.Limitations.Add(OwnAddressAnswered);
            }
        }
    }

    static void Scrub(HttpExchange exchange, Scrubber scrubber, IReadOnlySet<IPAddress> answers)
    {
        exchange.Failure = scrubber.Name(exchange.Failure, answers);
        exchange.Title = scrubber.Text(exchange.Title, answers);
        exchange.Location = scrubber.Text(exchange.Location, answers);
        foreach (var header in exchange.Headers)
            header.Value = scrubber.Text(header.Value, answers);
    }

    // That a name was answered with an address of the home is evidence, which one is not: the first of its range stands
    // for it, and the unspecified one for an own public address.
    static ByteString Stand(ReadOnlySpan<byte> address)
    {
        var range = AddressPolicy.RangeOf(new IPAddress(address));
        return ByteString.CopyFrom(range?.GetAddressBytes() ?? new byte[address.Length]);
    }

    // Four bytes of a private address stand in many a certificate by chance; as text they do not.
    static bool StillTells(byte[] bytes, Scrubber scrubber) =>
        scrubber.Finds(Encoding.Latin1.GetString(bytes))
        || scrubber.Secrets.Any(secret =>
            (secret.AddressFamily == AddressFamily.InterNetworkV6 || AddressPolicy.IsPublic(secret))
            && bytes.AsSpan().IndexOf(secret.GetAddressBytes()) >= 0);
}
