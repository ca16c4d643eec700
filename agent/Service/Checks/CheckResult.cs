namespace ProbeNet.Agent.Service.Checks;

enum CheckStatus
{
    Ok,

    /// <summary>The agent works, and something makes its measurements fewer or worse.</summary>
    Warning,

    /// <summary>The agent cannot work.</summary>
    Failed,

    /// <summary>Could not be looked at; the detail says why.</summary>
    Unknown,
}

/// <summary>What a check found. Names no address of this machine or its network.</summary>
/// <param name="Remedy">What to do; empty only where nothing needs doing.</param>
sealed record CheckResult(string Name, CheckStatus Status, string Detail, string Remedy = "")
{
    public static CheckResult Ok(string name, string detail) => new(name, CheckStatus.Ok, detail);
}
