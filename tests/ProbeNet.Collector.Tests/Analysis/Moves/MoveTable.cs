using System.Globalization;
using System.Text;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Collector.Analysis.Worlds;

namespace ProbeNet.Collector.Tests.Analysis.Moves;

/// <param name="Asn">A provider that moved, or of which it was said.</param>
/// <param name="Hours">From the truth to the middle of what was said; null where nothing was, or nothing happened.</param>
/// <param name="Counts">Two volunteers or more could see it, at three moving providers or more.</param>
sealed record MoveOutcome(MovePlan Plan, long Asn, bool Happened, Move? Said, double? Hours, bool Counts, int Units)
{
    public static IEnumerable<MoveOutcome> Of(MovingWorld made)
    {
        var said = WorldAnalysis.MovesOf(made.World, WorldDays.Of(made.World)).Moves.ToDictionary(m => m.Asn);
        var able = made.Isps.Where(i => made.Moved.ContainsKey(i.Asn) && i.Units.Count(u => !u.Tunnel) >= 2).Select(i => i.Asn).ToHashSet();
        foreach (var isp in made.Isps)
        {
            var move = said.GetValueOrDefault(isp.Asn);
            var happened = made.Moved.TryGetValue(isp.Asn, out var at);
            double? hours = move is null || !happened ? null : (Middle(move) - at).Duration().TotalHours;
            yield return new(made.Plan, isp.Asn, happened, move, hours, able.Count >= 3 && able.Contains(isp.Asn), isp.Units.Count);
        }
    }

    public bool IsDated => Hours <= 48;

    static DateTimeOffset Middle(Move move) => move.At.Earliest is { } earliest ? earliest + (move.At.Latest - earliest) / 2 : move.At.Latest;
}

sealed class MoveTable(IReadOnlyList<MoveOutcome> outcomes)
{
    IEnumerable<MoveOutcome> Counted => outcomes.Where(o => o.Happened && o.Counts);

    public double Dated => Share(Counted, o => o.IsDated);

    /// <summary>Said of a provider that did not move, and explained by nothing.</summary>
    public int False => outcomes.Count(o => !o.Happened && o.Said is { ExplainedBy: null });

    public int BelowTheFloor => outcomes.Count(o => o.Happened && !o.Counts && o.Said is not null && o.Units < 2);

    public string Text()
    {
        var text = new StringBuilder();
        foreach (var band in outcomes.Where(o => o.Plan.Kind == MoveKind.Gateway).GroupBy(o => (o.Plan.Difficulty, o.Plan.Plain, o.Plan.Localised)).OrderBy(g => g.Key))
            Line(text, $"moves, {band.Key.Difficulty,-6} {(band.Key.Plain ? "plain " : "marked")} {(band.Key.Localised ? "localised" : "         ")}: {band.Count(o => o.Happened && o.Counts && o.IsDated),5} of {band.Count(o => o.Happened && o.Counts),5} dated within 48 h, {band.Count(o => o.Happened && o.Counts && o.Said is null),4} not found");
        var hours = Counted.Select(o => o.Hours).OfType<double>().Order().ToArray();
        if (hours.Length > 0)
            Line(text, $"{Counted.Count(o => o.IsDated)} of {Counted.Count()} moves dated within 48 h ({Dated:P1}); off by {hours[hours.Length / 2]:0.0} h in the median, {hours[(int)(hours.Length * 0.95)]:0.0} h at p95 of the {hours.Length} found; {Counted.Count(o => o.Said?.ExplainedBy is not null)} of them beside an event of the calendar; {BelowTheFloor} said of providers with one volunteer");
        foreach (var kind in outcomes.GroupBy(o => o.Plan.Kind).OrderBy(g => g.Key))
            Line(text, $"{kind.Key,-9}: {kind.Select(o => o.Plan.Seed).Distinct().Count(),4} worlds, {kind.Count(o => !o.Happened),5} providers that did not move: {kind.Count(o => !o.Happened && o.Said is { ExplainedBy: null })} moves said, {kind.Count(o => !o.Happened && o.Said?.ExplainedBy is not null)} more explained");
        return text.ToString();
    }

    public string Failures()
    {
        var text = new StringBuilder();
        foreach (var o in outcomes.Where(o => (o.Happened && o.Counts && !o.IsDated) || (!o.Happened && o.Said is not null)))
            Line(text, $"{o.Plan.Kind} {o.Plan.Difficulty} seed {o.Plan.Seed}, {o.Plan.Isps} isps, {o.Plan.Targets} targets{(o.Plan.Localised ? ", localised" : "")}{(o.Plan.Plain ? ", plain" : "")}: AS{o.Asn} {(o.Happened ? "moved" : "did not move")}, said {o.Said?.At.Latest:yyyy-MM-dd HH:mm} off {o.Hours:0.0} h, {o.Said?.ExplainedBy}");
        return text.ToString();
    }

    static double Share(IEnumerable<MoveOutcome> of, Func<MoveOutcome, bool> what)
    {
        int all = 0, some = 0;
        foreach (var item in of)
        {
            all++;
            some += what(item) ? 1 : 0;
        }
        return all == 0 ? 0 : (double)some / all;
    }

    static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
