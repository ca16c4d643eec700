using System.Diagnostics;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>Programs that a test runs to their end, in the repository.</summary>
static class Shell
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Repository { get; } = FindRepository();

    /// <summary>Exit code and both outputs.</summary>
    public static async Task<(int Exit, string Output)> Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0].Contains('/') ? Path.Combine(Repository, command[0]) : command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = process.StandardError.ReadToEndAsync(Cancel);
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, output + await complaints);
    }

    static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ProbeNet.sln")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}
