using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ProbeNet.Lab.Demo;

namespace ProbeNet.Lab.Recognition;

/// <summary>The agent's service with a volunteer's defaults; only faster. It has its list before it begins, and no other contact is due for hours.</summary>
sealed class AgentTour : ITour
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), Look = TimeSpan.FromMilliseconds(500);
    readonly Volunteer _volunteer;
    readonly Process _service;

    AgentTour(Volunteer volunteer, Process service) => (_volunteer, _service) = (volunteer, service);

    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["PROBENET_Agent__Upload__Delay"] = "00:00:01",
        ["PROBENET_Agent__Schedule__Rate"] = Pace.Rate.ToString(CultureInfo.InvariantCulture),
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    /// <exception cref="DemoFailure">No list came.</exception>
    public static async Task<AgentTour> Begin(Volunteer volunteer)
    {
        await volunteer.Command("pause");
        var tour = new AgentTour(volunteer, volunteer.Run());
        var watch = Stopwatch.StartNew();
        while (JsonDocument.Parse(await volunteer.Command("status", "--json")).RootElement.GetProperty("list").ValueKind == JsonValueKind.Null)
        {
            if (watch.Elapsed > Patience)
                throw new DemoFailure("the agent got no list");
            await Task.Delay(Look);
        }
        return tour;
    }

    public Task Run() => _volunteer.Command("resume");

    public void Dispose()
    {
        _service.Kill(entireProcessTree: true);
        _service.Dispose();
    }
}
