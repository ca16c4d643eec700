using System.Diagnostics;

namespace ProbeNet.Agent.Tests.Service;

/// <param name="Code">The exit code.</param>
sealed record Ended(int Code, string Output, string Error);

/// <summary>The built agent as a child process, on a state directory of its own that goes when the test ends.</summary>
sealed class AgentProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly string _root = Directory.CreateTempSubdirectory("probenet-agent-").FullName;
    readonly List<Process> _running = [];

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "probenet-agent.exe" : "probenet-agent");

    public string State => Path.Combine(_root, "state");

    public Task<Ended> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    public async Task<Ended> RunAsync(string[] arguments, string input)
    {
        using var process = Start([Program, .. arguments], []);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>A program that goes on until it is told to stop, or the test ends.</summary>
    public Process Start(string[] command, Dictionary<string, string> environment)
    {
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _root,
        };
        info.Environment["PROBENET_Agent__StateDirectory"] = State;
        info.Environment["PROBENET_Agent__Upload__Delay"] = "00:00:00";
        info.Environment["PROBENET_Agent__Session__Mode"] = "standing";
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        var process = Process.Start(info)!;
        _running.Add(process);
        return process;
    }

    public static async Task<Ended> EndAsync(Process process)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new(process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        foreach (var process in _running)
        {
            if (IsAlive(process))
                process.Kill();
            process.Dispose();
        }
        Directory.Delete(_root, recursive: true);
    }

    static bool IsAlive(Process process)
    {
        try
        {
            return !process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
