using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;
using ProbeNet.Collector.Store;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks;

/// <summary>
/// The rows behind a <see cref="MadeMonth"/>'s unit days, as the writer leaves them: what each home saw of each target, and what two
/// controls saw.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
sealed class StoredMonth(MadeMonth month, Random random)
{
    const int ControlNetworks = 2, ControlSights = 12, HoursBetween = 2;

    readonly Dictionary<(int Target, bool Blocked), ByteString> _facts = [];

    /// <returns>Measurements of volunteers.</returns>
    public async Task<long> StoreAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await Partitions.EnsureAsync(source, month.Window.Since, month.Window.Until, ct);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var copy = await connection.BeginBinaryImportAsync(
            """
            copy measurement (time, uid, cc, asn, asn_source, access, role, unit, "group", list, list_version, reason, input, target, agent_version, batch, leaf_index, received, details)
            from stdin (format binary)
            """, ct))
        {
            for (var day = month.Window.Since; day < month.Window.Until; day = day.AddDays(1))
            {
                for (var n = 0; n < month.Sights.Max(); n++)
                    for (var provider = 0; provider < month.Providers; provider++)
                        for (var unit = 0; unit < month.Sights.Count; unit++)
                            for (var target = 0; target < month.Targets; target++)
                                if (n < month.Sights[unit] && month.Looked(target, provider, unit, day))
                                    await WriteAsync(copy, MadeMonth.TimeOf(day, month.HourOf(n)), target, month.IsBlocked(target, provider, day),
                                        Role.Agent, MadeMonth.Country, MadeMonth.AsnOf(provider), MadeMonth.UnitOf(provider, unit), ct);
                for (var n = 0; n < ControlSights; n++)
                    for (var network = 0; network < ControlNetworks; network++)
                        for (var target = 0; target < month.Targets; target++)
                            await WriteAsync(copy, MadeMonth.TimeOf(day, n * HoursBetween), target, false, Role.Control, "SE", 64_560 + network, [200, (byte)network], ct);
            }
            await copy.CompleteAsync(ct);
        }
        foreach (var sql in new[]
        {
            "insert into log_leaf (index, seal_hash, day) values (0, '\\x00', current_date)", "update analysis_position set index = 0", "vacuum analyze measurement",
        })
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }
        return month.Measurements;
    }

    async Task WriteAsync(NpgsqlBinaryImporter copy, DateTimeOffset time, int target, bool blocked, Role role, string cc, long asn, byte[] unit, CancellationToken ct)
    {
        var host = MadeMonth.HostOf(target);
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(time, NpgsqlDbType.TimestampTz, ct);
        await copy.WriteAsync(Guid.CreateVersion7(time), NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(cc, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(asn, NpgsqlDbType.Bigint, ct);
        foreach (var small in new[] { (short)AsnSource.Bound, (short)Access.Fixed, (short)role })
            await copy.WriteAsync(small, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync(unit, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(unit, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync("kh", NpgsqlDbType.Text, ct);
        await copy.WriteAsync(1L, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync((short)Reason.Scheduled, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync($"https://{host}/", NpgsqlDbType.Text, ct);
        await copy.WriteAsync(host, NpgsqlDbType.Text, ct);
        await copy.WriteAsync("0.1.0", NpgsqlDbType.Text, ct);
        await copy.WriteAsync(unit, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync((short)0, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync(DateOnly.FromDateTime(time.UtcDateTime), NpgsqlDbType.Date, ct);
        await copy.WriteAsync(Details(target, blocked, time), NpgsqlDbType.Bytea, ct);
    }

    byte[] Details(int target, bool blocked, DateTimeOffset time)
    {
        if (!_facts.TryGetValue((target, blocked), out var facts))
            _facts[(target, blocked)] = facts = (blocked ? Denied(target) : Reached(target)).ToByteString();
        var circumstance = new Circumstance { Time = time.ToUnixTimeSeconds(), TimeGrain = 60, List = "kh", ListVersion = 1, Reason = Reason.Scheduled, AgentVersion = "0.1.0" };
        return new SealedMeasurement
        {
            Facts = facts,
            FactsSalt = Bytes(Leaf.SaltSize),
            Circumstance = circumstance.ToByteString(),
            CircumstanceSalt = Bytes(Leaf.SaltSize),
        }.ToByteArray();
    }

    Facts Reached(int target)
    {
        var (host, address) = (MadeMonth.HostOf(target), ByteString.CopyFrom(8, 44, (byte)(target / 250), (byte)(1 + (target % 250))));
        var facts = Begun(host, address, address);
        facts.Tcp.Add(new TcpConnect { Address = address, Port = 443, DurationUs = 40_000 });
        facts.Tls.Add(new TlsHandshake
        {
            Address = address,
            Port = 443,
            ServerName = host,
            Version = "TLSv1.3",
            CipherSuite = "TLS_AES_128_GCM_SHA256",
            Alpn = "h2",
            Received = 4300,
            Chain = { Hash(host), Hash("intermediate"), Hash("root") },
        });
        var exchange = new HttpExchange { Url = $"https://{host}/", Address = address, Port = 443, Status = 200, BodyLength = 20_000, BodySha256 = Hash("body " + host), BodySimhash = (ulong)target, Title = "News of the day" };
        for (var i = 0; i < 8; i++)
            exchange.Headers.Add(new HttpHeader { Name = $"x-header-{i}", Value = Convert.ToHexString(Bytes(12).Span) });
        facts.Http.Add(exchange);
        return facts;
    }

    // One answer for many names, and nothing is served there.
    Facts Denied(int target)
    {
        var facts = Begun(MadeMonth.HostOf(target), ByteString.CopyFrom(9, 9, 33, 33), ByteString.CopyFrom(8, 44, (byte)(target / 250), (byte)(1 + (target % 250))));
        facts.Tcp.Add(new TcpConnect { Address = ByteString.CopyFrom(9, 9, 33, 33), Port = 443, Failure = FailureCodes.ConnectionRefused });
        return facts;
    }

    Facts Begun(string host, ByteString system, ByteString outside)
    {
        var facts = new Facts { Input = $"https://{host}/", TestName = "web", TestVersion = "1", DurationUs = 900_000, Network = new() };
        facts.Dns.Add(Query(DnsEngines.System, ResolverNames.System, host, system));
        facts.Dns.Add(Query(DnsEngines.Udp, "quad9", host, outside));
        facts.Network.Nonexistent = new() { Engine = DnsEngines.System, Resolver = ResolverNames.System, Hostname = "quietharbour.example", QueryType = "A", Failure = FailureCodes.DnsNxdomain };
        for (var i = 0; i < 3; i++)
            facts.Network.References.Add(new Reference { Input = $"https://reference{random.Next(50)}.example/", DurationUs = 300_000 });
        return facts;
    }

    static DnsQuery Query(string engine, string resolver, string host, ByteString address) => new()
    {
        Engine = engine,
        Resolver = resolver,
        Hostname = host,
        QueryType = "A",
        DurationUs = 20_000,
        Replies = { new DnsReply { ArrivedUs = 20_000, Edns = true, IpTtl = 57, Size = 120, Answers = { new DnsAnswer { Cname = $"edge.{host}", Ttl = 300 }, new DnsAnswer { Address = address, Ttl = 60 } } } },
    };

    static ByteString Hash(string text) => ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    ByteString Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
