namespace ProbeNet.Agent.Service;

/// <summary>What a command sees of the world, so that tests can give it another.</summary>
/// <param name="Environment">Looks up an environment variable; null where it is not set.</param>
sealed record Surroundings(TextReader Input, TextWriter Output, TextWriter Error, TimeProvider Time, Func<string, string?> Environment)
{
    /// <summary>Configuration given on the command line, as `--Agent:Key=value`.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>True when somebody watches: long work shows its progress then, and questions are asked.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>True when a person can type answers.</summary>
    public bool CanAsk { get; init; }

    public static Surroundings OfProcess() =>
        new(Console.In, Console.Out, Console.Error, TimeProvider.System, System.Environment.GetEnvironmentVariable)
        {
            IsTerminal = !Console.IsErrorRedirected,
            CanAsk = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        };
}
