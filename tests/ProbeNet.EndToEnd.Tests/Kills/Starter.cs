using System.Collections.Concurrent;
using System.Diagnostics;

namespace ProbeNet.EndToEnd.Tests.Kills;

/// <summary>Starts programs on one thread that lives as long as this process. A thread of the pool ends when it pleases, and takes with it what dies with its parent.</summary>
static class Starter
{
    static readonly BlockingCollection<Action> Asked = Begin();

    internal static Process Start(ProcessStartInfo program)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Asked.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(program)!);
            }
            catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(failure);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    static BlockingCollection<Action> Begin()
    {
        var asked = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in asked.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "starting programs" }.Start();
        return asked;
    }
}
