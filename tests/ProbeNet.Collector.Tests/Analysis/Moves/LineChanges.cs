using System.Globalization;
using System.Text.RegularExpressions;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Collector.Tests.Analysis.Worlds;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Tests.Analysis.Moves;

/// <summary>What changes lines after somebody saw them: other ways, other versions of the agent, volunteers who are away.</summary>
sealed partial class LineChanges(MovePlan plan, Random random)
{
    public const long NewTransit = 65030;

    public enum NewVersion
    {
        /// <summary>It tells more of the same.</summary>
        Deeper,
        /// <summary>It calls pages and devices by other names.</summary>
        Renaming,
        /// <summary>It takes every false answer for one and the same.</summary>
        Faulty,
    }

    readonly Dictionary<string, DateTimeOffset> _updated = new(StringComparer.Ordinal);
    readonly Dictionary<string, (DateTimeOffset From, DateTimeOffset To)> _away = new(StringComparer.Ordinal);
    readonly Dictionary<long, (DateTimeOffset At, int Farther)> _ways = [];
    DateTimeOffset? _rerouted;
    NewVersion _version;

    public void Reroute(DateTimeOffset at) => _rerouted = at;

    /// <summary>Every unit takes the new version within six days.</summary>
    public DateTimeOffset Release(IReadOnlyList<MadeIsp> isps, DateTimeOffset at, NewVersion version)
    {
        _version = version;
        foreach (var unit in isps.SelectMany(i => i.Units))
            _updated[unit.Name] = at.AddHours(144 * random.NextDouble() * random.NextDouble());
        return at;
    }

    public void Absences(IReadOnlyList<MadeIsp> isps)
    {
        foreach (var unit in isps.SelectMany(i => i.Units).Where(_ => random.NextDouble() < plan.Level(0.1, 0.2, 0.3)))
        {
            var from = WorldMaker.Start.AddDays(90 * random.NextDouble());
            _away[unit.Name] = (from, from.AddDays(3 + 14 * random.NextDouble()));
        }
    }

    /// <returns>Null where nobody was there to see it.</returns>
    public WorldObservation? Of(WorldObservation line)
    {
        if (_away.TryGetValue(line.Unit, out var away) && line.Time >= away.From && line.Time < away.To)
            return null;
        if (_rerouted is { } rerouted)
            line = OnTheNewWay(line, rerouted);
        return _updated.TryGetValue(line.Unit, out var updated) && line.Time >= updated ? ByTheNewVersion(line) with { AgentVersion = "1.5.0" } : line;
    }

    WorldObservation OnTheNewWay(WorldObservation line, DateTimeOffset rerouted)
    {
        if (!_ways.TryGetValue(line.Asn, out var way))
            _ways[line.Asn] = way = (rerouted.AddHours(48 * random.NextDouble()), random.Next(1, 5));
        if (line.Time < way.At)
            return line;
        // The first hours are lossy.
        if (line is { Ok: true } && line.Time < way.At.AddHours(6) && random.NextDouble() < 0.3)
            return line with { Ok = false, Layer = "tcp", Mechanism = Mechanisms.TcpTimeout, ReferenceOk = random.NextDouble() < 0.4 };
        // TTL tests that err now meet the new transit; resets from beyond it come from farther.
        var isTransit = line.HopAsn is { } place && place != line.Asn && place != NewTransit;
        return line with
        {
            HopAsn = isTransit ? NewTransit : line.HopAsn,
            Hop = isTransit ? line.Hop + way.Farther : line.Hop,
            Token = line.Token is { } token && isTransit ? Ttl().Replace(token, m => $"ttl{int.Parse(m.ValueSpan[3..], CultureInfo.InvariantCulture) - way.Farther}") : line.Token,
        };
    }

    WorldObservation ByTheNewVersion(WorldObservation line) => line.Mechanism is null ? line : (_version, line.Mechanism) switch
    {
        (NewVersion.Deeper, Mechanisms.TlsTimeout) => line with { Mechanism = Mechanisms.TlsTimeoutSni },
        (NewVersion.Deeper, Mechanisms.TlsReset) => line with { Mechanism = Mechanisms.TlsResetSni, Token = line.Token ?? $"rst:ttl{50 + line.Asn % 10}" },
        (NewVersion.Renaming, _) when line.Token?.StartsWith("page:", StringComparison.Ordinal) == true => line with { Token = line.Token.Replace("page:", "page:v2:", StringComparison.Ordinal) },
        (NewVersion.Renaming, Mechanisms.TlsReset) => line with { Token = "rst:ttl0:win0" },
        (NewVersion.Faulty, Mechanisms.DnsInjectionBogon or Mechanisms.DnsInjectionSink or Mechanisms.DnsNxdomain or Mechanisms.DnsTimeout)
            => line with { Mechanism = Mechanisms.DnsInjectionSink, Token = "192.0.2.1", Via = "path" },
        _ => line,
    };

    [GeneratedRegex("ttl[0-9]{1,3}", RegexOptions.None, 1000)]
    private static partial Regex Ttl();
}
