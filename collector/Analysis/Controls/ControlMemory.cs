namespace ProbeNet.Collector.Analysis.Controls;

/// <summary>Control time lines of hosts' days that were read a moment ago. Bounded by the sights in them.</summary>
sealed class ControlMemory
{
    // About 20 KB each.
    const int MostSights = 4_000;

    readonly Dictionary<(string Host, DateOnly Day), ControlTimeline> _known = [];
    int _sights;

    public ControlTimeline? Find(string host, DateOnly day) => _known.GetValueOrDefault((host, day));

    public void Keep(string host, DateOnly day, ControlTimeline controls)
    {
        if (_sights + controls.Sights.Count > MostSights)
            Clear();
        _known[(host, day)] = controls;
        _sights += controls.Sights.Count;
    }

    public void Forget(string host)
    {
        foreach (var key in _known.Keys.Where(k => k.Host == host).ToArray())
            if (_known.Remove(key, out var gone))
                _sights -= gone.Sights.Count;
    }

    public void Clear()
    {
        _known.Clear();
        _sights = 0;
    }
}
