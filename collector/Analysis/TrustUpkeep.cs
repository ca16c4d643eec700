using Npgsql;
using ProbeNet.Collector.Analysis.Trust;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Analysis;

/// <summary>Once a day looks at what every unit said in the last seven: doubts those that disagree with the others, and sets aside those that a canary target gives away.</summary>
sealed class TrustUpkeep(NpgsqlDataSource source, CellWindows windows, AgentKeys agents, CanarySet canaries, TimeProvider time)
{
    const int Days = 7;

    DateOnly _done;

    public async Task RunAsync(CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_done == today)
            return;
        _done = today;
        foreach (var cc in await windows.CountriesAsync(ct))
        {
            var reviews = UnitReviews.Of(await UnitStandings.SayingsAsync(source, cc, today.AddDays(-Days), ct), canaries.Answers);
            await UnitStandings.DoubtAsync(source, cc, Day.EpochOf(Day.Of(time.GetUtcNow())), reviews, ct);
            foreach (var liar in reviews.Where(r => r.Result == Trustworthiness.SetAside))
                await agents.SetAsideAsync(liar.Unit.ToArray(), liar.Reason, ct);
        }
    }
}
