using System.Diagnostics;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Agents;

/// <summary>A process that carries out orders on one host of the lab.</summary>
sealed class AgentOnHost(Process process, string log) : IAsyncDisposable
{
    // More than any order may take, with the silences that residual blocking asks for.
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static AgentOnHost Start(Host host, IReadOnlyDictionary<string, string> settings, string log) =>
        // Machines may be busy; the network between them, which is this process, goes on.
        new(ProgramOnHost.StartTalking(host, ["nice", "-n", "5", .. Isolation.Self(), AgentBatch.Command], settings, log), log);

    /// <param name="order">File of an <see cref="AgentOrder"/>.</param>
    /// <exception cref="InvalidOperationException">The agent failed, or did not answer in time.</exception>
    public async Task Carry(string order)
    {
        await process.StandardInput.WriteLineAsync(order);
        await process.StandardInput.FlushAsync();
        using var deadline = new CancellationTokenSource(Longest);
        try
        {
            if (await process.StandardOutput.ReadLineAsync(deadline.Token) != order)
                throw new InvalidOperationException($"{order}: {await File.ReadAllTextAsync(log, deadline.Token)}");
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{order}: the agent did not end", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        File.Delete(log);
    }
}
