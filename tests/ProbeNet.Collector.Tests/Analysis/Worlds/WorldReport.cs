using System.Globalization;
using System.Text;
using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Worlds;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>One made country and what was said of it.</summary>
sealed record WorldResult(WorldPlan Plan, CountryVerdict Verdict, bool FloorsMet, IReadOnlyList<JudgedCell> Cells)
{
    public static WorldResult Of(MadeWorld made)
    {
        var verdicts = CellSet.Judge(WorldDays.Of(made.World), CellRules.Default);
        var categories = made.Targets.ToDictionary(t => t.Name, t => t.Category, StringComparer.Ordinal);
        return new(made.Plan, AttributionJudge.Judge(verdicts, categories), Floors(made), [.. verdicts.Select(v => JudgedCell.Of(v, made)).OfType<JudgedCell>()]);
    }

    public bool IsCoordinated => Plan.Kind is WorldKind.Order or WorldKind.Gateway or WorldKind.Hybrid;

    public string Word => Verdict.Word;

    public bool SaysCoordinated => Word is Organisations.Order or Organisations.Gateway or Organisations.Hybrid or Organisations.Central or Organisations.Coordinated;

    public bool SaysNothing => Word is Organisations.Undetermined or Organisations.Insufficient;

    public bool IsRight => IsCoordinated ? SaysCoordinated : !SaysCoordinated;

    /// <summary>The word itself is right, or one that claims less.</summary>
    public bool WordIsTrue => SaysNothing || (Plan.Kind switch
    {
        WorldKind.Order => Word is Organisations.Order or Organisations.Coordinated,
        WorldKind.Gateway => Word is Organisations.Gateway or Organisations.Central or Organisations.Coordinated,
        WorldKind.Hybrid => Word is Organisations.Hybrid or Organisations.Central or Organisations.Coordinated,
        _ => Word is Organisations.Independent,
    });

    // Counted from the truth: enough providers with two volunteers, targets and blocks.
    static bool Floors(MadeWorld made)
    {
        var isps = made.Isps.Where(i => i.Units.Count >= 2).Select(i => i.Asn).ToHashSet();
        return isps.Count >= 3 && made.Targets.Count >= 20 && made.Blocks.Where(b => isps.Contains(b.Asn)).Select(b => b.Target).Distinct().Count() >= 10;
    }
}

sealed class WorldReport(IReadOnlyList<WorldResult> results)
{
    IEnumerable<WorldResult> Decided => results.Where(r => !r.SaysNothing);

    public double RightOfDecided => Share(Decided, r => r.IsRight);

    public int FalseGateways => results.Count(r => r.Plan.Kind != WorldKind.Gateway && r.Word == Organisations.Gateway);

    public int FloorsMet => results.Count(r => r.FloorsMet);

    public double UndeterminedShare => Share(results.Where(r => r.FloorsMet), r => r.SaysNothing);

    public int ClaimsBelowTheFloor => results.Count(r => !r.FloorsMet && !r.SaysNothing);

    /// <summary>Targets said to be blocked by one device where every provider has tools of its own.</summary>
    public int FalselyAlike => results.Where(r => r.Plan.Kind is not (WorldKind.Gateway or WorldKind.Hybrid)).Sum(r => r.Verdict.Targets.Count(t => t.Word == Organisations.Alike));

    /// <summary>Targets said to be coordinated where nobody agreed on anything.</summary>
    public int FalselyCoordinated => results.Where(r => !r.IsCoordinated).Sum(r => r.Verdict.Targets.Count(t => t.Word == Organisations.Coordinated));

    public int TargetsOf(params IEnumerable<WorldKind> kinds) => results.Where(r => kinds.Contains(r.Plan.Kind)).Sum(r => r.Verdict.Targets.Count);

    public string Text()
    {
        var text = new StringBuilder();
        Line(text, $"{"kind",-12} {"band",-7} {"worlds",6} {"floors",6} | {"right",5} of decided | words");
        foreach (var kind in results.GroupBy(r => r.Plan.Kind).OrderBy(g => g.Key))
            foreach (var band in kind.GroupBy(r => r.Plan.Difficulty).OrderBy(g => g.Key))
                Line(text, $"{kind.Key,-12} {band.Key,-7} {band.Count(),6} {band.Count(r => r.FloorsMet),6} | {band.Count(r => !r.SaysNothing && r.IsRight),5} of {band.Count(r => !r.SaysNothing),-7} | {string.Join(", ", band.GroupBy(r => r.Word).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}"))}");
        Line(text, $"coordinated or not: right in {RightOfDecided:P2} of {Decided.Count()} decided; of {FloorsMet} worlds with floors met {Share(results.Where(r => r.FloorsMet), r => r.IsRight && !r.SaysNothing):P2} decided and right");
        Line(text, $"word true or claiming less: {Share(Decided, r => r.WordIsTrue):P2} of {Decided.Count()} decided");
        Line(text, $"gateway said of {FalseGateways} of {results.Count(r => r.Plan.Kind != WorldKind.Gateway)} worlds that have none");
        Line(text, $"nothing said of {UndeterminedShare:P1} of {FloorsMet} worlds with floors met (undetermined {Share(results.Where(r => r.FloorsMet), r => r.Word == Organisations.Undetermined):P1})");
        Line(text, $"claims in {ClaimsBelowTheFloor} of {results.Count(r => !r.FloorsMet)} worlds below the floor");
        var located = results.Where(r => r.Plan.Localised && r.FloorsMet && r.Plan.Kind is WorldKind.Gateway or WorldKind.Hybrid);
        Line(text, $"gateway and hybrid told by name where localised: {Share(located, r => string.Equals(r.Word, r.Plan.Kind.ToString(), StringComparison.OrdinalIgnoreCase)):P1} of {located.Count()}");
        foreach (var kind in results.GroupBy(r => r.Plan.Kind).OrderBy(g => g.Key))
            Line(text, $"single targets, {kind.Key,-12} {string.Join(", ", kind.SelectMany(r => r.Verdict.Targets).GroupBy(t => t.Word).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}"))}");
        return text.ToString();
    }

    public string Failures()
    {
        var text = new StringBuilder();
        foreach (var r in results.Where(r => (!r.SaysNothing && (!r.IsRight || !r.WordIsTrue)) || (r.FloorsMet && r.SaysNothing) || (!r.FloorsMet && !r.SaysNothing)))
        {
            var p = r.Verdict.Posterior;
            var c = r.Verdict.Components;
            Line(text, $"{r.Plan.Kind} {r.Plan.Difficulty} seed {r.Plan.Seed}, {r.Plan.Isps} isps, {r.Plan.Targets} targets{(r.Plan.Localised ? ", localised" : "")}: {r.Word}; I {p.Independent:0.000} O {p.Order:0.000} H {p.Hybrid:0.000} G {p.Gateway:0.000}; p {c.PValue:0.0000} J {c.Jaccard:0.00} overlap {c.MechanismOverlap:0.00} rare {c.Mechanism:0.00}; {r.Verdict.Coverage}");
            foreach (var e in r.Verdict.Evidence.Where(e => e.Likelihood is not null))
                Line(text, $"     {e.Kind}: I {e.Likelihood!.Independent:0.0} O {e.Likelihood.Order:0.0} H {e.Likelihood.Hybrid:0.0} G {e.Likelihood.Gateway:0.0}");
        }
        return text.ToString();
    }

    static double Share<T>(IEnumerable<T> of, Func<T, bool> what)
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
