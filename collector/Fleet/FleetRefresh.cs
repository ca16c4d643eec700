using System.Net.Sockets;
using Npgsql;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Tasks;

namespace ProbeNet.Collector.Fleet;

/// <summary>Keeps the fleet in memory as the store has it, and destroys what must not outlive its day.</summary>
sealed partial class FleetRefresh(
    FleetMemory memory, FleetReader reader, NpgsqlDataSource store, CollectorKeyStore keys, EpochSecrets epochs, AgentKeys agents,
    AgentReports reports, TaskRounds tasks, TimeProvider time, ILogger<FleetRefresh> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    uint _cleanedDay;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var reachable = true;
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
                await reports.FlushAsync(stoppingToken);
                await CleanAsync(stoppingToken);
                reachable = true;
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
            {
                if (reachable)
                    StoreAway(logger, e.Message);
                reachable = false;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task RefreshAsync(CancellationToken ct)
    {
        if (memory.Current is { } current && current.Revision == await FleetRevision.ReadAsync(store, ct))
            return;
        memory.Replace(await reader.ReadAsync(ct));
    }

    async Task CleanAsync(CancellationToken ct)
    {
        var today = Protos.Identifiers.Day.Of(time.GetUtcNow());
        if (today == _cleanedDay)
            return;
        await epochs.DestroyPastAsync(ct);
        await keys.DestroyOldAsync(ct);
        await agents.DeleteExpiredAsync(ct);
        await tasks.ForgetPastAsync(ct);
        _cleanedDay = today;
    }

    [LoggerMessage(LogLevel.Warning, "The store cannot be read; sessions go on with what is known. {Cause}")]
    static partial void StoreAway(ILogger logger, string cause);
}
