namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>How far a release has spread. Each stage holds the one before it.</summary>
enum Stage
{
    /// <summary>The operator's own agents.</summary>
    Own,

    /// <summary>Sixty volunteers, or one in twenty where that is fewer: one failing in twenty is then seen with 95 % confidence.</summary>
    Sixty,

    /// <summary>Three hundred, or one in ten; all but one of each provider where the whole fleet is smaller.</summary>
    ThreeHundred,

    Quarter,

    All,
}
