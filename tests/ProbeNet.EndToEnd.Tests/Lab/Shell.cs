using System.Diagnostics;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>Programs that a test runs to their end, in the repository.</summary>
static class Shell
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Repository { get; } = FindRepository();

    /// <summary>
    /// Exit code and both outputs. On a thread of its own: some programs die with the thread that started them
    /// (prctl(2), PR_SET_PDEATHSIG), and one of the pool may end at any time.
    /// </summary>
    public static Task<(int Exit, string Output)> Run(params string[] command)
    {
        var done = new TaskCompletionSource<(int, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(RunToEnd(command));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return done.Task.WaitAsync(Cancel);
    }

    static (int Exit, string Output) RunToEnd(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0].Contains('/') ? Path.Combine(Repository, command[0]) : command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + complaints.GetAwaiter().GetResult());
    }

    static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ProbeNet.sln")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}
