using System.ComponentModel;
using System.Diagnostics;

namespace ProbeNet.Collector.Store.Embedded;

/// <summary>Small programs of the system, run to their end.</summary>
static class Programs
{
    internal sealed record Ended(int ExitCode, string Output, string Errors);

    /// <exception cref="Win32Exception">There is no such program.</exception>
    internal static async Task<Ended> RunAsync(
        IReadOnlyList<string> command, string? input, CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = StartInfo(command);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        if (input is not null)
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return new(process.ExitCode, await output, await errors);
    }

    /// <returns>What it printed; null when there is no such program or it failed.</returns>
    internal static string? TryRun(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            using var process = Process.Start(StartInfo([program, .. arguments]))!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    internal static ProcessStartInfo StartInfo(IReadOnlyList<string> command)
    {
        var info = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1))
            info.ArgumentList.Add(argument);
        // PGDATA, PGHOST and the like would lead a private server to somebody else's files.
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        info.Environment["LC_ALL"] = "C";
        return info;
    }
}
