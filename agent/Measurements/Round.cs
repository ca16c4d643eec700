namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Rounds over one set of inputs: each takes a random part, neighbours on one address follow each other, and one that
/// failed there before comes last, so that what a device remembers of it spoils nobody's measurement.
/// </summary>
sealed class Round(TimeSpan interval, double? share, AddressMemory memory, Random random)
{
    const double SmallestShare = 0.6;
    const double LargestShare = 0.9;

    readonly Queue<string> _left = new();
    IReadOnlyList<string> _inputs = [];
    DateTimeOffset? _next;

    public bool IsEmpty => _left.Count == 0;

    /// <summary>When inputs will be there; null where there are none at all.</summary>
    public DateTimeOffset? NextStart => _inputs.Count == 0 ? null : _next ?? DateTimeOffset.MinValue;

    /// <summary>Other inputs. What is left of the round in progress and no longer among them is dropped.</summary>
    public void Replace(IReadOnlyList<string> inputs)
    {
        _inputs = inputs;
        var kept = _left.Where(inputs.Contains).ToList();
        _left.Clear();
        kept.ForEach(_left.Enqueue);
        // What was added is measured in the next round, or now where none has begun.
    }

    /// <summary>Begins a round when its time has come and the one before has ended.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (_left.Count > 0 || _inputs.Count == 0 || now < _next)
            return;
        _next = now + interval;
        foreach (var input in Order(Draw()))
            _left.Enqueue(input);
    }

    public string Take() => _left.Dequeue();

    string[] Draw()
    {
        string[] drawn = [.. _inputs];
        random.Shuffle(drawn);
        var part = share ?? SmallestShare + (LargestShare - SmallestShare) * random.NextDouble();
        return drawn[..(int)Math.Clamp(Math.Round(part * drawn.Length), 1, drawn.Length)];
    }

    // The groups keep the order in which the draw brought their first member.
    IEnumerable<string> Order(string[] drawn) =>
        drawn.GroupBy(memory.GroupOf).SelectMany(group => group.OrderBy(memory.IsSuspect));
}
