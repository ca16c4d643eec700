using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ProbeNet.Collector.Service.Commands;

namespace ProbeNet.Collector.Service;

/// <summary>Exit codes: 0 done, 1 failed with one line on standard error, 2 wrong usage (contract 1).</summary>
static partial class CollectorCommandLine
{
    const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken ct = default)
    {
        var (settings, rest) = Split(args);
        surroundings = surroundings with { Settings = settings };
        var result = Create(surroundings).Parse(rest);
        var console = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            // The host of `serve` stops in its own time.
            ProcessTerminationTimeout = null,
        };
        var unknown = UnknownOption(result);
        if (unknown is not null || result.Action is ParseErrorAction)
        {
            if (unknown is not null)
                surroundings.Error.WriteLine($"There is no option '{unknown}'.");
            foreach (var error in result.Errors)
                surroundings.Error.WriteLine(error.Message);
            surroundings.Error.WriteLine($"Try '{result.RootCommandResult.IdentifierToken.Value} --help'.");
            return WrongUsage;
        }
        try
        {
            return await result.InvokeAsync(console, ct);
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
        catch (Exception e) when (Failures.Describe(e) is { } line)
        {
            surroundings.Error.WriteLine(line);
            return 1;
        }
    }

    internal static RootCommand Create(Surroundings surroundings) =>
        new("Collects measurements and compares providers. Settings: appsettings.json, then PROBENET_… variables, then --Section:Key=value.")
        {
            ServeCommand.Create(surroundings),
            InviteCommands.Create(surroundings),
            ExportCommand.Create(surroundings),
            PublishCommand.Create(surroundings),
            StoreCommands.Migrate(surroundings),
            DoctorCommand.Create(surroundings),
            StoreCommands.Backup(surroundings),
            StoreCommands.Restore(surroundings),
            MatrixCommand.Create(surroundings),
            ExplainCommand.Create(surroundings),
            AnalyzeCommand.Create(surroundings),
            ReanalyzeCommand.Create(surroundings),
            ApiKeyCommands.AddTo(KeysCommands.Create(surroundings), surroundings),
            AgentsCommands.Create(surroundings),
            ListCommands.Create(surroundings),
            VerifyCommand.Create(surroundings),
            ImportCommand.Create(surroundings),
        };

    // The parser takes a mistyped option for the value of an argument: `backup --jsno` would write a file of that name.
    static string? UnknownOption(ParseResult result) => result.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value;

    // The two forms of Microsoft.Extensions.Configuration.CommandLine, --Section:Key=value and --Section:Key value; options of
    // commands have no colon.
    static (string[] Settings, string[] Others) Split(string[] args)
    {
        var (settings, rest) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            var hasValue = args[i].Contains('=', StringComparison.Ordinal);
            if (!Setting().IsMatch(args[i]) || (!hasValue && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal))))
                rest.Add(args[i]);
            else
                settings.AddRange(hasValue ? [args[i]] : [args[i], args[++i]]);
        }
        return ([.. settings], [.. rest]);
    }

    [GeneratedRegex("^--[A-Za-z]+(:[A-Za-z0-9]+)+(=|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();
}
