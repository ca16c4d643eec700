using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Tests.Store;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Fleet;

public sealed class ControlSightTests
{
    static readonly string[] Names = ["gone", "seen", "once", "old", "unsure", "new"];

    [Fact]
    public async Task A_site_is_dead_that_two_networks_controls_tried_all_week_and_none_reached()
    {
        await using var store = await TestStore.OnPostgresAsync();
        foreach (var (host, network, daysAgo, reached, discarded) in new[]
        {
            ("gone.example", "AS1", 1, 0, 0), ("gone.example", "AS2", 3, 0, 1),
            ("seen.example", "AS1", 1, 0, 0), ("seen.example", "AS2", 5, 1, 0),
            ("once.example", "AS1", 1, 0, 0), ("once.example", "AS1", 2, 0, 0),
            ("old.example", "AS1", 1, 0, 0), ("old.example", "AS2", 9, 0, 0),
            // Its references failed as well: it is no control.
            ("unsure.example", "AS1", 1, 0, 0), ("unsure.example", "AS2", 1, 0, 4),
        })
            await store.ReadAsync<string>(
                "insert into control_network (host, day, network, measurements, reached, discarded) values ($1, $2::date - $3, $4, 4, $5, $6) returning host",
                host, DateOnly.FromDateTime(store.Clock.GetUtcNow().UtcDateTime), daysAgo, network, reached, discarded);
        var list = new TestList();
        list.Entries.AddRange(Names.Select(name => new ListEntry { Input = $"https://{name}.example/", CategoryCode = "NEWS" }));

        var sights = await new ControlSightReader(store.Source, store.Clock).ReadAsync(list, TestContext.Current.CancellationToken);
        Assert.Equal([(ListFindingKind.Dead, "https://gone.example/")], sights.Of(list).Select(finding => (finding.Finding, finding.Subject)));
    }
}
