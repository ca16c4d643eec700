using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>Collects what the steps of one measurement observe, several of which run at a time.</summary>
sealed class Trace(ProbeClock clock)
{
    readonly Lock _lock = new();
    readonly Facts _facts = new();
    readonly List<PendingQuery> _queries = [];
    readonly Dictionary<ByteString, byte[]> _certificates = [];

    public ProbeClock Clock => clock;

    public void Add(PendingQuery query)
    {
        lock (_lock)
            _queries.Add(query);
    }

    public void Add(TcpConnect observation)
    {
        lock (_lock)
            _facts.Tcp.Add(observation);
    }

    public void Add(TlsHandshake observation, IEnumerable<byte[]> certificates)
    {
        lock (_lock)
        {
            _facts.Tls.Add(observation);
            foreach (var der in certificates)
                _certificates.TryAdd(ByteString.CopyFrom(SHA256.HashData(der)), der);
        }
    }

    public void Add(HttpExchange observation)
    {
        lock (_lock)
            _facts.Http.Add(observation);
    }

    public void Add(QuicExchange observation)
    {
        lock (_lock)
            _facts.Quic.Add(observation);
    }

    public void Add(PathTest test)
    {
        lock (_lock)
            _facts.Paths.Add(test);
    }

    /// <summary>A copy of what was observed so far.</summary>
    public Facts Seen()
    {
        lock (_lock)
        {
            var copy = _facts.Clone();
            copy.Dns.Clear();
            foreach (var query in _queries)
            {
                lock (query.Query)
                    copy.Dns.Add(query.Query.Clone());
            }
            return copy;
        }
    }

    public void Limit(string limitation)
    {
        lock (_lock)
        {
            if (!_facts.Limitations.Contains(limitation))
                _facts.Limitations.Add(limitation);
        }
    }

    /// <summary>What DNS has answered so far.</summary>
    public IReadOnlySet<IPAddress> Answers()
    {
        lock (_lock)
            return _queries.SelectMany(query => AddressesOf(query.Query)).ToHashSet();
    }

    /// <summary>Where ordinary handshakes with this name were done.</summary>
    /// <param name="failedOnly">Those alone that ended in a way which the name may have caused.</param>
    public IReadOnlyList<IPEndPoint> Handshakes(string serverName, bool failedOnly)
    {
        lock (_lock)
        {
            return
            [
                .. _facts.Tls
                    .Where(one => one.ServerName == serverName && one.Arm == ComparisonArms.None && (!failedOnly || EndpointTry.IsInterference(one.Failure)))
                    .Select(one => new IPEndPoint(new IPAddress(one.Address.Span), (int)one.Port))
                    .Distinct(),
            ];
        }
    }

    /// <summary>Where ordinary requests in clear text for this host were made.</summary>
    /// <param name="failedOnly">Those alone that ended in a way which the name may have caused.</param>
    public IReadOnlyList<IPEndPoint> Requests(string host, bool failedOnly)
    {
        lock (_lock)
        {
            return
            [
                .. _facts.Http
                    .Where(one => one.Arm == ComparisonArms.None && one.Url.StartsWith("http://", StringComparison.Ordinal)
                        && Uri.TryCreate(one.Url, UriKind.Absolute, out var url) && url.IdnHost == host && (!failedOnly || EndpointTry.IsInterference(one.Failure)))
                    .Select(one => new IPEndPoint(new IPAddress(one.Address.Span), (int)one.Port))
                    .Distinct(),
            ];
        }
    }

    /// <summary>Why the first question has no answer.</summary>
    public string DnsFailure()
    {
        lock (_lock)
            return _queries.Select(query => query.Query.Failure).FirstOrDefault(failure => failure.Length > 0, FailureCodes.DnsNoAnswer);
    }

    /// <summary>The layer that stopped the last try of an address, and how.</summary>
    public (string Layer, string Failure) ConnectFailure()
    {
        lock (_lock)
        {
            return _facts.Tls.LastOrDefault() is { Failure.Length: > 0 } handshake
                ? ("tls", handshake.Failure)
                : ("tcp", _facts.Tcp.LastOrDefault()?.Failure ?? FailureCodes.Interrupted);
        }
    }

    public static IReadOnlyList<IPAddress> AddressesOf(DnsQuery query)
    {
        lock (query)
        {
            return
            [
                .. query.Replies.SelectMany(reply => reply.Answers)
                    .Where(answer => answer.Address.Length is 4 or 16)
                    .Select(answer => new IPAddress(answer.Address.Span)),
            ];
        }
    }

    /// <summary>
    /// Waits for the listening windows to end, then gives everything in the order in which it began. May be called again
    /// when a comparison was added later.
    /// </summary>
    public async Task<(Facts Facts, IReadOnlyList<byte[]> Certificates)> FinishAsync()
    {
        await System.Threading.Tasks.Task.WhenAll(_queries.Select(query => query.Complete));
        _facts.Dns.Clear();
        _facts.Dns.AddRange(_queries.Select(query => query.Query).OrderBy(query => query.StartedUs));
        Sort(_facts.Tcp, connect => connect.StartedUs);
        Sort(_facts.Tls, handshake => handshake.StartedUs);
        Sort(_facts.Http, exchange => exchange.StartedUs);
        Sort(_facts.Quic, exchange => exchange.StartedUs);
        Sort(_facts.Paths, test => test.StartedUs);
        return (_facts, [.. _certificates.Values]);
    }

    static void Sort<T>(Google.Protobuf.Collections.RepeatedField<T> observations, Func<T, uint> started)
    {
        T[] sorted = [.. observations.OrderBy(started)];
        observations.Clear();
        observations.AddRange(sorted);
    }
}
