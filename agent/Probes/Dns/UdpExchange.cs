using System.Net;
using System.Net.Sockets;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>
/// One question over UDP. Every reply is taken down until the window after the first one ends, because a forged reply
/// comes first and the true one later.
/// </summary>
sealed class UdpExchange(ProbeSockets sockets, DnsTimes times)
{
    public async Task AskAsync(
        IPEndPoint resolver, PeerKind kind, DnsQuestion question, ushort id, DnsQuery query, TaskCompletionSource first,
        ProbeClock clock, CancellationToken cancellationToken)
    {
        using var silence = new Deadline(clock.Time, times.Silence, cancellationToken);
        try
        {
            using var socket = sockets.Open(resolver, kind, SocketType.Dgram);
            // Connected: the system passes on what comes from there alone, and ICMP errors with it.
            await socket.ConnectAsync(resolver, silence.Token);
            var reader = new DatagramReader(socket);
            var bytes = DnsMessage.WriteQuery(id, question.Name, question.TypeNumber);
            sockets.Traffic.Datagram(bytes.Length);
            await socket.SendAsync(bytes, SocketFlags.None, silence.Token);
            await TakeAsync(reader, question, id, query, clock, first, silence.Token);
            using var window = new Deadline(clock.Time, times.Window, cancellationToken);
            while (true)
                await TakeAsync(reader, question, id, query, clock, first, window.Token);
        }
        catch (SocketException e) when (query.Replies.Count == 0)
        {
            query.Failure = FailureClassifier.Of(e.SocketErrorCode);
        }
        catch (SocketException)
        {
            // An ICMP error after a reply changes nothing about the reply.
        }
        catch (OperationCanceledException)
        {
            lock (query)
            {
                if (query.Replies.Count == 0)
                    query.Failure = silence.Failure;
            }
        }
    }

    async Task TakeAsync(
        DatagramReader reader, DnsQuestion question, ushort id, DnsQuery query, ProbeClock clock, TaskCompletionSource first,
        CancellationToken cancellationToken)
    {
        var (bytes, ttl) = await reader.ReadAsync(cancellationToken);
        sockets.Traffic.Datagram(bytes.Length);
        var reply = DnsReplies.Read(bytes, id, question.Name, question.TypeNumber);
        (reply.ArrivedUs, reply.IpTtl) = (clock.Now, ttl);
        lock (query)
        {
            if (query.Replies.Count < DnsTimes.MostReplies)
                query.Replies.Add(reply);
            if (DnsReplies.IsUsable(reply) && !first.Task.IsCompleted)
            {
                query.Failure = reply.Failure;
                first.TrySetResult();
            }
        }
    }
}
