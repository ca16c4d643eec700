using System.Collections.Concurrent;
using System.Diagnostics;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Lab.Agents;
using ProbeNet.Lab.Judging;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Noise;

/// <summary>
/// Runs agents over every kind of noise, with nobody blocking anything, and lets the collector's rules judge what they saw.
/// Noise of a line is at two homes of one provider, a kind a provider at a time; noise of sites is seen by two homes of each.
/// </summary>
sealed class NoiseRun(Laboratory lab, int runs, IReadOnlyCollection<string> wanted)
{
    const int Homes = 2, MostRepeats = 3, TimesAsked = 2;
    static readonly TimeSpan Earlier = TimeSpan.FromHours(1);
    static readonly Dictionary<string, string[]> Causes = new(StringComparer.Ordinal)
    {
        ["loss.1"] = ["dns.timeout", "tcp.timeout", "tls.timeout", "http.timeout"],
        ["loss.5"] = ["dns.timeout", "tcp.timeout", "tls.timeout", "http.timeout"],
    };
    readonly LabAgent _agents = new(lab);
    readonly Judge _judge = new(lab.Country.Cc, FingerprintSet.Empty);
    readonly ConcurrentBag<NoiseTally> _tallies = [];
    readonly Stopwatch _watch = Stopwatch.StartNew();

    Country Country => lab.Country;

    /// <summary>The kinds that there are.</summary>
    public static IEnumerable<string> Kinds => [.. LineNoise.AtHome, .. LineNoise.AtProvider, .. SiteNoise.Kinds.Keys];

    public async Task<IReadOnlyList<NoiseTally>> Run()
    {
        lab.Apply([]);
        Console.WriteLine(NoiseReport.Head);
        // Controls saw the sites an hour before; what has changed since they see again because volunteers' findings ask for it.
        AgentSight[] early = [.. (await Controls(repeats: 1)).Select(sight => sight with { Time = sight.Time - Earlier })];
        var kinds = new ConcurrentQueue<string>(LineNoise.AtHome.Concat(LineNoise.AtProvider).Where(wanted.Contains));
        await Task.WhenAll(Country.Isps.Where(isp => isp.Ipv6).Select(isp => Lane(isp, kinds, early)));
        foreach (var kind in SiteNoise.Kinds.Keys.Where(wanted.Contains))
            await OfSites(kind, early);
        return [.. _tallies];
    }

    async Task Lane(Isp isp, ConcurrentQueue<string> kinds, AgentSight[] controls)
    {
        while (kinds.TryDequeue(out var kind))
        {
            string[] homes = [.. HomesOf(isp)];
            string[] places = LineNoise.AtHome.Contains(kind) ? homes : [isp.Name];
            foreach (var place in places)
                lab.Noise.Set(place, kind);
            var seen = new List<AgentSight>();
            while (seen.Count < runs)
            {
                var repeats = Math.Clamp((runs - seen.Count + Homes * Country.Inputs.Length - 1) / (Homes * Country.Inputs.Length), 1, MostRepeats);
                seen.AddRange((await Task.WhenAll(homes.Select(home => _agents.Measure(home, Repeated(repeats, Country.Inputs))))).SelectMany(sights => sights));
            }
            foreach (var place in places)
                lab.Noise.Set(place);
            Conclude(kind, [(isp, [.. seen])], controls);
        }
    }

    async Task OfSites(string kind, AgentSight[] early)
    {
        lab.Noise.Set("sites", kind);
        var homes = Country.Isps.SelectMany(isp => HomesOf(isp).Select(home => (Isp: isp, Home: home))).ToArray();
        var seen = new List<(Isp Isp, AgentSight[] Sights)>();
        while (seen.Sum(one => one.Sights.Length) < runs)
        {
            var left = runs - seen.Sum(one => one.Sights.Length);
            var repeats = Math.Clamp((left + homes.Length * Country.Inputs.Length - 1) / (homes.Length * Country.Inputs.Length), 1, MostRepeats);
            seen.AddRange(await Task.WhenAll(homes.Select(async one => (one.Isp, (AgentSight[])[.. await _agents.Measure(one.Home, Repeated(repeats, Country.Inputs))]))));
        }
        AgentSight[] known = [.. early, .. await Asked([.. seen.SelectMany(one => one.Sights)], early)];
        lab.Noise.Set("sites");
        Conclude(kind, [.. seen.GroupBy(one => one.Isp).Select(isp => (isp.Key, isp.SelectMany(one => one.Sights).ToArray()))], known);
    }

    void Conclude(string kind, (Isp Isp, AgentSight[] Sights)[] seen, AgentSight[] controls)
    {
        var networks = controls.Select(sight => (sight.Host, sight)).ToArray();
        var judged = seen.Select(one => (one.Isp, Findings: _judge.Findings(one.Sights, networks))).ToArray();
        var tally = NoiseTally.Of(
            kind, Causes.GetValueOrDefault(kind, []), [.. judged.SelectMany(one => one.Findings)], [.. judged.SelectMany(one => _judge.Cells(one.Isp.Asn, one.Findings))]);
        _tallies.Add(tally);
        Console.WriteLine($"{NoiseReport.Line(tally)}  [{_watch.Elapsed.TotalSeconds:0} s]");
    }

    async Task<IEnumerable<AgentSight>> Asked(AgentSight[] seen, AgentSight[] early) =>
        _judge.Untested(seen, [.. early.Select(sight => (sight.Host, sight))]) is { Count: > 0 } asked ? await Controls(TimesAsked, asked) : [];

    async Task<IEnumerable<AgentSight>> Controls(int repeats, Dictionary<string, string[]>? addresses = null) =>
        (await Task.WhenAll(Country.Controls.Select(control => _agents.Measure(control.Name, Repeated(repeats, addresses is null ? Country.Inputs : [.. addresses.Keys]), addresses)))).SelectMany(sights => sights);

    static IEnumerable<string> HomesOf(Isp isp) => Enumerable.Range(1, Homes).Select(line => $"{isp.Name}-{line}");

    static string[] Repeated(int times, string[] inputs) => [.. Enumerable.Repeat(inputs, times).SelectMany(one => one)];
}
