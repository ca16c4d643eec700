using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>Unit days of one cell, written hour by hour.</summary>
sealed class CellWorld
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    readonly List<(int Unit, int Group, AsnSource Source, Access Access, Sight Sight)> _sights = [];

    public static Finding Ok { get; } = new() { Outcome = Outcome.Ok, Rules = [Rules.OkCertificate.Id] };

    public static Finding Down { get; } = new() { Outcome = Outcome.Down, Rules = [Rules.TcpControlFails.Id] };

    public static Finding Refused { get; } = new() { Outcome = Outcome.Refused, Rules = [Rules.HttpServerRefuses.Id] };

    public static Finding Timeout { get; } = new() { Outcome = Outcome.Anomaly, Mechanisms = [new(Mechanisms.TcpTimeout)], Layer = Layers.Tcp, Rules = [Rules.TcpFails.Id] };

    public static Finding Blockpage { get; } = new()
    {
        Outcome = Outcome.Artefact,
        Mechanisms = [new(Mechanisms.HttpBlockpage)],
        Layer = Layers.Http,
        Rules = [Rules.HttpBlockpage.Id],
        Artefacts = [Artefacts.Blockpage],
    };

    public static Finding Contradiction { get; } = new()
    {
        Outcome = Outcome.Artefact,
        Mechanisms = [new(Mechanisms.DnsNxdomain, Vias.Resolver)],
        Layer = Layers.Dns,
        Rules = [Rules.DnsContradiction.Id],
        Artefacts = [Artefacts.ResolverContradiction],
    };

    public static Finding Discarded(string reason) => new() { Outcome = Outcome.Discarded, DiscardReason = reason };

    /// <summary>One measurement an hour from an hour on; a unit's group is its own unless another is given.</summary>
    public CellWorld Unit(
        int unit, Finding finding, int runs = 6, int from = 0, int? group = null, AsnSource source = AsnSource.Bound, Access access = Access.Fixed,
        Reason reason = Reason.Scheduled)
    {
        for (var i = 0; i < runs; i++)
            _sights.Add((unit, group ?? 100 + unit, source, access, Sight.Of(Start.AddHours(from + i).AddMinutes(unit), 60, reason, finding)));
        return this;
    }

    public IReadOnlyList<UnitDay> Days() => CellSet.Ordered(_sights
        .GroupBy(s => (s.Unit, s.Group, s.Source, s.Access, Day: DateOnly.FromDateTime(s.Sight.Time.UtcDateTime)))
        .Select(g => new UnitDay
        {
            Cc = "KH",
            Host = "news.example",
            Target = "news.example",
            Asn = 64501,
            Day = g.Key.Day,
            Unit = new([(byte)g.Key.Unit]),
            Group = new([(byte)g.Key.Group]),
            AsnSource = g.Key.Source,
            Access = g.Key.Access,
            Sights = [.. g.Select(s => s.Sight).OrderBy(s => s.Time)],
            Witness = new Guid(g.Key.Unit, (short)g.Key.Day.Day, 0, new byte[8]),
        }));

    public Cell Cell(TimeSpan? sustained = null) => Verdict(sustained).Cell;

    public CellVerdict Verdict(TimeSpan? sustained = null) => CellJudge.Judge(Days(), new(sustained ?? TimeSpan.FromHours(2)));

    public CellState State => Cell().State;
}
