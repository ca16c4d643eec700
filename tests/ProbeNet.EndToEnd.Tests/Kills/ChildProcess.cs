using System.Diagnostics;
using System.Text;

namespace ProbeNet.EndToEnd.Tests.Kills;

/// <summary>A program under test. Its output is kept for the message of a failure; it never outlives the test.</summary>
sealed class ChildProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();

    ChildProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal bool HasEnded => _process.HasExited;

    internal string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    internal static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? input = null)
    {
        // The kernel ends the child with the thread that started it, so with this process, however this process ends.
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Starter.Start(start);
        if (input is not null)
            process.StandardInput.WriteLine(input);
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What it wrote on standard output and standard error.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? input = null)
    {
        await using var child = Start(program, arguments, environment, input);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await child._process.WaitForExitAsync(deadline.Token);
        return child._process.ExitCode == 0 ? child.Output : throw new InvalidOperationException($"{program} failed: {child.Output}");
    }

    internal async Task EndAsync(TimeSpan deadline)
    {
        using var over = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(over.Token);
        }
        catch (OperationCanceledException cancelled)
        {
            throw new TimeoutException($"The process did not end by itself. It said:\n{Output}", cancelled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
