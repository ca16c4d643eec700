using System.Collections.Concurrent;
using Google.Protobuf;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Tasks;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Intake;

/// <summary>What one session's agent is asked for. Controls get addresses to try; volunteers an entry of their list, and never an address.</summary>
sealed class SessionTasks(AgentSessionParts parts, KeyCertificate who, Action<Protos.V1.Task> ask)
{
    // What is due may wait for the provider's next hour.
    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<ByteString, VolunteerTask> _asked = new();
    HashSet<ByteString> _wished = [];

    /// <param name="list">In force on the agent.</param>
    /// <returns>After how long to look again; the next change of the fleet may come before.</returns>
    public async Task<TimeSpan> AskAsync(FleetState fleet, (string Name, ulong Version) list, CancellationToken ct)
    {
        if (list.Name.Length == 0)
            return Timeout.InfiniteTimeSpan;
        if (who.Role == Role.Control)
        {
            // Which volunteer got the addresses stands nowhere.
            foreach (var wish in fleet.Wishes.Where(wish => !_wished.Contains(wish.Id)))
                ask(wish.AsTask(list.Name));
            _wished = [.. fleet.Wishes.Select(wish => wish.Id)];
            return Timeout.InfiniteTimeSpan;
        }
        // What only the agent says of its network supports no claim: it is not asked for one.
        if (who.AsnSource != AsnSource.Bound || !fleet.Due.TryGetValue((who.Cc, who.Asn), out var due))
            return Timeout.InfiniteTimeSpan;
        var wait = due - parts.Time.GetUtcNow();
        if (wait > TimeSpan.Zero)
            return wait;
        while (await parts.Tasks.TakeAsync(who, list.Name, list.Version, ct) is { } task)
        {
            _asked[task.Id] = task;
            ask(task.AsTask());
        }
        return LookAgain;
    }

    public async Task HearAsync(TaskOutcome outcome, CancellationToken ct)
    {
        if (!_asked.TryRemove(outcome.Id, out var task))
            return;
        parts.Instruments.Asked(outcome.Run);
        if (!outcome.Run)
            await parts.Tasks.GiveBackAsync(who, task, ct);
    }
}
