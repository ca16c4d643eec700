using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Lab.Agents;
using ProbeNet.Lab.Judging;
using ProbeNet.Lab.Sites;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Table;

/// <summary>
/// All scenarios under one seed in one lab: every target of a batch is measured side by side by every home of three ISPs and by
/// the controls, and the collector's rules judge it. The seed says which address and turn a target gets, and throws boxes' dice.
/// </summary>
sealed class TableRun(Laboratory lab, IReadOnlyList<Scenario> scenarios, int seed) : IAsyncDisposable
{
    const int AtOnce = 48;

    /// <summary>How often a target is measured once more where homes disagree on it.</summary>
    const int Again = 2;
    static readonly string[] Isps = ["alfa", "bravo", "carol"];
    readonly LabAgent _agents = new(lab, AtOnce) { Stays = true, Blockpages = Fingerprints(), Settings = { ["PROBENET_Agent__Probes__Quic"] = "On" } };
    readonly Judge _judge = new(lab.Country.Cc, FingerprintFile.Load([FingerprintsFile]));

    static string FingerprintsFile => Path.Combine(Country.Directory, "fingerprints.csv");

    public static Country CountryOf(IReadOnlyList<Scenario> scenarios, int seed)
    {
        var shuffled = scenarios.ToArray();
        new Random(seed).Shuffle(shuffled);
        var country = Country.Load("country");
        return country with
        {
            Seed = seed,
            Isps = [.. country.Isps.Where(isp => Isps.Contains(isp.Name))],
            Inputs = [.. shuffled.SelectMany(one => one.HopDomain is { } hop ? [one.Input, $"{one.Hop}://{hop}/"] : (string[])[one.Input])],
            Hosting = Hosting(shuffled, country.References),
            // With two, one that is censored itself leaves no majority.
            Controls = [.. country.Controls, new("control-3", 64562, "Southern Archive", "CL")],
            Rules = [],
            Truth = [],
        };
    }

    public async Task<IReadOnlyList<TableCell>> Run(string[] batches, Action<string> progress)
    {
        var cells = new List<TableCell>();
        foreach (var batch in scenarios.Where(one => batches.Contains(one.Batch)).GroupBy(one => one.Batch, StringComparer.Ordinal))
        {
            cells.AddRange(await Batch([.. batch]));
            progress(batch.Key);
        }
        return cells;
    }

    public async ValueTask DisposeAsync() => await _agents.End();

    async Task<IEnumerable<TableCell>> Batch(Scenario[] batch)
    {
        lab.Apply([.. batch.SelectMany(one => one.RulesFor(Isps))]);
        lab.Noise.Apply(batch.SelectMany(one => one.NoiseFor(Isps)));
        string[] inputs = [.. lab.Country.Inputs.Where(input => Array.Exists(batch, one => one.Input == input))];
        string[] hops = [.. batch.Select(one => one.HopDomain).OfType<string>()];
        var controls = Controls(inputs, hops);
        var seen = (await Volunteers(Isps, _ => inputs, hops)).ToList();
        var known = (await controls).ToList();
        await Wishes();
        var judged = Judged();
        // As the schedule of a day would: what one run leaves open, the next ones tell.
        if (Unsettled(judged) is { Count: > 0 } open)
        {
            for (var again = 0; again < Again; again++)
            {
                var theirs = Controls([.. open.SelectMany(isp => isp).Distinct(StringComparer.Ordinal)], hops);
                seen.AddRange(await Volunteers(open.Select(isp => isp.Key), isp => [.. open[isp]], hops));
                known.AddRange(await theirs);
            }
            await Wishes();
            judged = Judged();
        }
        lab.Apply([]);
        foreach (var place in batch.SelectMany(one => one.NoiseFor(Isps)).Select(noise => noise.At).Distinct(StringComparer.Ordinal))
            lab.Noise.Set(place);
        return from isp in lab.Country.Isps
               let own = judged.Where(one => IspOf(one) == isp.Name).ToArray()
               let cells = _judge.Cells(isp.Asn, own).ToDictionary(cell => cell.Target, StringComparer.Ordinal)
               from scenario in batch
               select TableCell.Of(scenario, isp.Name, seed, cells.GetValueOrDefault(scenario.Domain), [.. own.Where(one => one.Domain == scenario.Domain)]);

        (string Network, AgentSight Sight)[] Theirs() => [.. known.Select(sight => (sight.Host, sight))];

        IReadOnlyList<JudgedSight> Judged() => _judge.Findings(seen, Theirs());

        // What findings leave open, controls are asked for.
        async Task Wishes()
        {
            if (_judge.Untested(seen, Theirs()) is { Count: > 0 } asked)
                known.AddRange(await Controls([.. asked.Keys], hops, asked));
        }
    }

    /// <summary>Inputs at the providers whose homes disagree on them, or where a measurement did not come to its end or had no control.</summary>
    static ILookup<string, string> Unsettled(IReadOnlyList<JudgedSight> judged) => judged
        .GroupBy(one => (Isp: IspOf(one), one.Seen.Input.OriginalString))
        .Where(cell => cell.Select(one => one.Finding.Outcome.IsInterference() ? Outcome.Anomaly : one.Finding.Outcome).Distinct().Count() > 1
            || cell.Any(one => one.Finding.DiscardReason is DiscardReasons.Incomplete or DiscardReasons.NoControl))
        .ToLookup(cell => cell.Key.Isp, cell => cell.Key.OriginalString, StringComparer.Ordinal);

    static string IspOf(JudgedSight one) => Isps.First(isp => one.Sight.Host.StartsWith(isp + "-", StringComparison.Ordinal));

    async Task<IEnumerable<AgentSight>> Volunteers(IEnumerable<string> isps, Func<string, string[]> inputs, string[] hops) =>
        (await Task.WhenAll(lab.Country.Isps.Where(isp => isps.Contains(isp.Name)).SelectMany(isp => lab.Network.Subscribers(isp).Select(
            home => _agents.Measure(home, inputs(isp.Name), localise: true, hops: hops))))).SelectMany(sights => sights);

    // Popular sites are large: a pace can be told from them.
    static Dictionary<string, Site> Hosting(IEnumerable<Scenario> scenarios, IEnumerable<string> references) => scenarios
        .Where(one => one.Site is not null || one.Hop is not null)
        .Select(one => (one.Domain, Site: one.Site ?? new() { Redirect = $"{one.Hop}://{one.HopDomain}/" }))
        .Concat(references.Select(reference => (new Uri(reference).Host, new Site { Answer = SiteAnswer.Large })))
        .ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal);

    static AgentFingerprint[] Fingerprints() =>
        [.. File.ReadLines(FingerprintsFile).Skip(1).Select(line => line.Split(',')).Select(columns => new AgentFingerprint(columns[0], columns[3], columns[4], columns[5]))];

    async Task<IEnumerable<AgentSight>> Controls(string[] inputs, string[] hops, Dictionary<string, string[]>? addresses = null) =>
        (await Task.WhenAll(lab.Country.Controls.Select(control => _agents.Measure(control.Name, inputs, addresses, hops: hops)))).SelectMany(sights => sights);
}
