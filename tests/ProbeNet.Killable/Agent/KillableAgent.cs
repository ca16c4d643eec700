using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;

namespace ProbeNet.Killable.Agent;

/// <summary>Everything of the agent but its probes: keys, journal, sealer, spool and uplink, on a disk that can kill.</summary>
static class KillableAgent
{
    internal static async Task<int> RunAsync(string state, string produced, KillWindow window)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Agent:StateDirectory"] = state,
            ["Agent:Session:Mode"] = "Standing",
            ["Agent:Upload:Delay"] = "00:00:00",
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddIdentity(builder.Configuration)
            .AddTestLists()
            .AddSealing(builder.Configuration)
            .AddUplink(builder.Configuration)
            .AddSingleton(services => ChunkSpool.Open(
                new KillableDirectory(SealingRegistration.SpoolDirectory(services.GetRequiredService<StateDirectory>()), window, "spool"),
                new SpoolLimits(), services.GetRequiredService<TimeProvider>()))
            .AddSingleton(services => new Journal(
                new KillableDirectory(SealingRegistration.JournalDirectory(services.GetRequiredService<StateDirectory>()), window, "journal"),
                services.GetRequiredService<StateKey>(), services.GetRequiredService<ChunkSpool>().Total, new ProducedFile(produced)))
            .AddHostedService<Producer>();
        await builder.Build().RunAsync();
        return 0;
    }
}
