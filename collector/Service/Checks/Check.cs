namespace ProbeNet.Collector.Service.Checks;

enum CheckResult
{
    Ok,

    /// <summary>It works, but should not stay so.</summary>
    Warning,
    Failed,
}

/// <summary>One thing that doctor looked at.</summary>
/// <param name="Said">What was found, in a sentence.</param>
/// <param name="Remedy">What to do; empty where there is nothing to do.</param>
sealed record Check(string Name, CheckResult Result, string Said, string Remedy = "")
{
    public static Check Ok(string name, string said) => new(name, CheckResult.Ok, said);

    public static Check Warn(string name, string said, string remedy) => new(name, CheckResult.Warning, said, remedy);

    public static Check Fail(string name, string said, string remedy) => new(name, CheckResult.Failed, said, remedy);
}
