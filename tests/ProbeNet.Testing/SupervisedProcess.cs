using System.Diagnostics;
using System.Text;

namespace ProbeNet.Testing;

/// <summary>
/// A server that never outlives the tests: a shell holds a pipe from this process, and when the pipe ends (disposal, exit,
/// kill -9) it stops the server by its pid and deletes the server's directory.
/// </summary>
sealed class SupervisedProcess : IAsyncDisposable
{
    const string Supervise =
        """
        exec 3<&0; d=$1; s=$2; e=$3; shift 3
        "$@" 3<&- </dev/null & p=$!
        (cat <&3 >/dev/null; kill -"$s" $p 2>/dev/null) & c=$!
        exec 3<&-
        wait $p; r=$?; kill $c 2>/dev/null
        eval "$e" >/dev/null 2>&1
        rm -rf "$d"; exit $r
        """;

    readonly Process _process;
    readonly StringBuilder _output = new();

    /// <param name="directory">Deleted when the server has ended.</param>
    /// <param name="signal">What stops the server cleanly.</param>
    /// <param name="epilogue">Shell code for what the server leaves running.</param>
    internal SupervisedProcess(
        string directory, string signal, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null, string epilogue = "")
    {
        var info = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "-c", Supervise, "sh", directory, signal, epilogue }.Concat(command))
            info.ArgumentList.Add(argument);
        info.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        _process = Process.Start(info)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal bool HasEnded => _process.HasExited;

    internal int ExitCode => _process.ExitCode;

    internal string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
    }

    void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
            _output.AppendLine(e.Data);
    }
}
