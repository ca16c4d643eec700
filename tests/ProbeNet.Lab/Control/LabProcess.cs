using System.Diagnostics;
using System.Text.Json;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Control;

/// <summary>A lab in a child process, as tests use it. Ends with this process at the latest.</summary>
public sealed class LabProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly SemaphoreSlim _turn = new(1);

    LabProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The program beside this assembly.</summary>
    public static string Executable => Path.Combine(AppContext.BaseDirectory, "probenet-lab");

    public static async Task<LabProcess> Start(string scenario = "country", IReadOnlyList<string>? prefix = null)
    {
        string[] command = [.. prefix ?? [], Executable, "run", "--scenario", scenario];
        var lab = new LabProcess(await StartOnThreadThatStays(new(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }));
        await lab.Read();
        return lab;
    }

    /// <summary>Puts exactly the scenario's rules in force again.</summary>
    public Task UseScenarioRules() => Give(new Order("rules"));

    public Task RemoveRules() => Give(new Order("rules", Rules: []));

    /// <summary>Starts a program on a host ("alfa-1", "control-1", "collector"); its number is for <see cref="Wait"/> and <see cref="Stop"/>.</summary>
    public async Task<int> Run(string host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, string output = "/dev/null") =>
        (await Give(new Order("start", Host: host, Command: [.. command], Environment: environment?.ToDictionary(), Output: output))).Process;

    /// <summary>The exit code once it has ended.</summary>
    public async Task<int> Wait(int process) => (await Give(new Order("wait", Process: process))).Exit;

    public async Task<int> Stop(int process, int signal = 15) => (await Give(new Order("stop", Process: process, Signal: signal))).Exit;

    /// <summary>From now on, packets on the host's cables to the address are counted.</summary>
    public Task Capture(string host, string address) => Give(new Order("capture", Host: host, Address: address));

    public async Task<long> Captured(string host, string address) => (await Give(new Order("captured", Host: host, Address: address))).Packets;

    /// <summary>Every address that must rest nowhere: volunteers' and readers', of both families, inside the house and out.</summary>
    public async Task<IReadOnlyList<VolunteerAddress>> Addresses() => (await Give(new Order("addresses"))).Addresses!;

    /// <summary>A server on the real machine's loopback can be reached at the same port of the host's own.</summary>
    public Task Reach(string host, int port) => Give(new Order("reach", Host: host, Port: port));

    /// <summary>What listens on a host becomes a port of the real machine's loopback, for a browser to see inside.</summary>
    public async Task<int> Show(string host, string address, int port) => (await Give(new Order("show", Host: host, Address: address, Port: port))).Port;

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _turn.Dispose();
    }

    internal Task Apply(params Rule[] rules) => Give(new Order("rules", Rules: rules));

    /// <summary>The lab dies with the thread that started it (prctl(2), PR_SET_PDEATHSIG), and one of the pool ends when it has nothing to do.</summary>
    static Task<Process> StartOnThreadThatStays(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(start)!;
                var ended = process.WaitForExitAsync();
                started.SetResult(process);
                ended.GetAwaiter().GetResult();
            }
            catch (System.ComponentModel.Win32Exception missing)
            {
                started.TrySetException(missing);
            }
        })
        { IsBackground = true, Name = "lab" }.Start();
        return started.Task;
    }

    async Task<Outcome> Give(Order order)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order, ControlJson.Default.Order));
            var outcome = await Read();
            return outcome.Error is null ? outcome : throw new InvalidOperationException(outcome.Error);
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<Outcome> Read()
    {
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the lab ended");
        return JsonSerializer.Deserialize(line, ControlJson.Default.Outcome)!;
    }
}
