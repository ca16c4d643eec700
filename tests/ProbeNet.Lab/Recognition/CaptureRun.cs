using ProbeNet.Lab.Demo;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Recognition;

/// <summary>
/// In every house the agent as it is shipped, curl and a browser go over the same pages, one after the other; in which order, the
/// house's number says. What leaves the house is captured behind its router's translation.
/// </summary>
sealed class CaptureRun(Laboratory lab, IReadOnlyList<string> houses, IReadOnlyList<string> pages, string directory)
{
    const string List = "recognition";

    readonly Pace _pace = new(new Random(lab.Country.Seed));

    /// <exception cref="DemoFailure">A program failed.</exception>
    public async Task Run(string agent, string collector, Action<string> say)
    {
        // Nothing is blocked: what the agent does about blocking would only tell it the sooner.
        lab.Apply([]);
        var installation = new Installation(lab, collector, Isolation.Directory);
        using var serve = await installation.Serve(CancellationToken.None);
        await installation.ReleaseList(List, pages);
        var invite = await installation.Invite("--uses", $"{houses.Count}", "--cc", lab.Country.Cc);
        var volunteers = new Dictionary<string, Volunteer>(StringComparer.Ordinal);
        foreach (var house in houses)
        {
            volunteers[house] = new Volunteer(lab, house, agent, Isolation.Directory, AgentTour.Settings);
            await volunteers[house].Enroll(invite);
        }
        say($"{houses.Count} agents have joined");
        for (var turn = 0; turn < Programs.All.Count; turn++)
        {
            await Task.WhenAll(houses.Select((house, number) => Tour(house, Programs.All[(number + turn) % Programs.All.Count], volunteers[house])));
            say($"turn {turn + 1} of {Programs.All.Count} is over");
        }
        serve.Kill(entireProcessTree: true);
    }

    async Task Tour(string house, string program, Volunteer volunteer)
    {
        using ITour tour = program switch
        {
            Programs.Agent => await AgentTour.Begin(volunteer),
            Programs.Curl => new CurlTour(lab.Network[house], _pace.Draw(pages)),
            _ => await BrowserTour.Begin(lab.Network[house], _pace.Draw(pages)),
        };
        var provider = house[..house.LastIndexOf('-')];
        using var capture = new LineCapture(lab.Network[ProviderNetwork.Router(house)], lab.Network[provider + "-access"], Captures.FileOf(directory, house, program));
        await Task.WhenAll(tour.Run(), Task.Delay(Pace.Whole(pages.Count)));
    }
}
