using System.Diagnostics;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Demo;

/// <summary>A program that is run to its end.</summary>
static class FinishedProgram
{
    /// <param name="machine">Where.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Added to the lab's own.</param>
    /// <param name="input">What stands on its standard input.</param>
    public static async Task<string> Output(Host machine, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string input = "")
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        start.Environment["SSL_CERT_FILE"] = Laboratory.RootCertificate;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = machine.Start(start);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var complaints = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new DemoFailure($"{machine.Name}: {Path.GetFileName(command[0])} {string.Join(' ', command.Skip(1))}: {(await complaints).Trim()} {output.Trim()}");
    }
}
