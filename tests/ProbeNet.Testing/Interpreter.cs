using System.ComponentModel;
using System.Diagnostics;

namespace ProbeNet.Testing;

/// <summary>Programs of other languages that read what ours write.</summary>
public static class Interpreter
{
    /// <param name="input">What it reads on standard input.</param>
    /// <returns>Exit code, standard output, standard error.</returns>
    /// <exception cref="ServerMissingException">There is no such program.</exception>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, IEnumerable<string> arguments, string input, CancellationToken ct)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        info.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Start(info);
        var error = process.StandardError.ReadToEndAsync(ct);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.StandardInput.Close();
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output, await error);
    }

    static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception)
        {
            throw new ServerMissingException($"{info.FileName} is not installed");
        }
    }
}
