using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Probes;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Measurements;

/// <summary>Bytes that measuring may move on a UTC day. What was spent survives a restart.</summary>
sealed class Budget(BudgetOptions options, StateFile<Spent> file, TrafficMeter traffic, TimeProvider time)
{
    readonly Lock _lock = new();
    Spent? _spent;
    long _counted;

    /// <summary>Bytes spent today.</summary>
    public long SpentToday
    {
        get
        {
            lock (_lock)
                return Current().Bytes;
        }
    }

    public long Limit(LineKind line) => options.Limit(line == LineKind.Mobile);

    public bool HasRoom(LineKind line) => SpentToday < Limit(line);

    /// <summary>Takes one of the day's; false when they are gone.</summary>
    public bool TryTakeLocalisation(int perDay)
    {
        lock (_lock)
        {
            var spent = Current();
            if (spent.Localisations >= perDay)
                return false;
            spent.Localisations++;
            return true;
        }
    }

    /// <summary>Makes today's sum durable.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Save()
    {
        lock (_lock)
            file.Save(Current().Clone());
    }

    Spent Current()
    {
        var today = Day.Of(time.GetUtcNow());
        _spent ??= file.Current?.Clone() ?? new Spent();
        var total = traffic.Total;
        if (_spent.Day != today)
            _spent = new Spent { Day = today };
        _spent.Bytes += total - _counted;
        _counted = total;
        return _spent;
    }
}
