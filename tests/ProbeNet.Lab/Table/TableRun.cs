using ProbeNet.Collector.Analysis;
using ProbeNet.Lab.Agents;
using ProbeNet.Lab.Judging;
using ProbeNet.Lab.Sites;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Table;

/// <summary>
/// All scenarios under one seed in one lab: every target of a batch is measured side by side by every home of three ISPs and by
/// the controls, and the collector's rules judge it. The seed says which address and turn a target gets, and throws boxes' dice.
/// </summary>
sealed class TableRun(Laboratory lab, IReadOnlyList<Scenario> scenarios, int seed)
{
    const int AtOnce = 16;
    static readonly string[] Isps = ["alfa", "bravo", "carol"];
    readonly LabAgent _agents = new(lab, AtOnce) { Blockpages = Fingerprints(), Settings = { ["PROBENET_Agent__Probes__Quic"] = "On" } };
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

    public async Task<IReadOnlyList<TableCell>> Run(Action<string> progress)
    {
        var cells = new List<TableCell>();
        foreach (var batch in scenarios.GroupBy(one => one.Batch, StringComparer.Ordinal))
        {
            cells.AddRange(await Batch([.. batch]));
            progress(batch.Key);
        }
        return cells;
    }

    async Task<IEnumerable<TableCell>> Batch(Scenario[] batch)
    {
        lab.Apply([.. batch.SelectMany(one => one.RulesFor(Isps))]);
        lab.Noise.Apply(batch.SelectMany(one => one.NoiseFor(Isps)));
        string[] inputs = [.. lab.Country.Inputs.Where(input => Array.Exists(batch, one => one.Input == input))];
        string[] hops = [.. batch.Select(one => one.HopDomain).OfType<string>()];
        var controls = Controls(inputs, hops);
        var homes = await Task.WhenAll(lab.Country.Isps.SelectMany(lab.Network.Subscribers).Select(home => _agents.Measure(home, inputs, localise: true, hops: hops)));
        AgentSight[] seen = [.. homes.SelectMany(sights => sights)];
        var known = (await controls).ToList();
        if (_judge.Untested(seen, [.. known.Select(sight => (sight.Host, sight))]) is { Count: > 0 } asked)
            known.AddRange(await Controls([.. asked.Keys], hops, asked));
        lab.Apply([]);
        foreach (var place in batch.SelectMany(one => one.NoiseFor(Isps)).Select(noise => noise.At).Distinct(StringComparer.Ordinal))
            lab.Noise.Set(place);
        var judged = _judge.Findings(seen, [.. known.Select(sight => (sight.Host, sight))]);
        return from isp in lab.Country.Isps
               let own = judged.Where(one => one.Sight.Host.StartsWith(isp.Name + "-", StringComparison.Ordinal)).ToArray()
               let cells = _judge.Cells(isp.Asn, own).ToDictionary(cell => cell.Target, StringComparer.Ordinal)
               from scenario in batch
               select TableCell.Of(scenario, isp.Name, seed, cells.GetValueOrDefault(scenario.Domain), [.. own.Where(one => one.Domain == scenario.Domain)]);
    }

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
