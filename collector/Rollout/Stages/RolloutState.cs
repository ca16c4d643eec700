namespace ProbeNet.Collector.Rollout.Stages;

enum RolloutState
{
    /// <summary>For another operator's signature.</summary>
    Waiting,
    Running,

    /// <summary>By hand.</summary>
    Paused,

    /// <summary>By itself, or by hand, with a reason.</summary>
    Halted,
    Complete,

    /// <summary>Another version of the list was released since.</summary>
    Superseded,
}
