using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ProbeNet.Agent.Tests.Probes.Hops;

/// <summary>
/// Runs asynchronous code on one thread that has entered a network namespace: every continuation comes back to it, so
/// that every socket of the code is made there.
/// </summary>
static partial class InNamespace
{
    const int NetworkNamespace = 0x40000000;

    /// <param name="raw">False takes CAP_NET_RAW from the thread, as an ordinary user has it.</param>
    public static Task RunAsync(string name, Func<Task> code, bool raw = true)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using (var file = File.OpenHandle($"/run/netns/{name}"))
                {
                    if (SetNamespace((int)file.DangerousGetHandle(), NetworkNamespace) != 0)
                        throw new Win32Exception(Marshal.GetLastPInvokeError());
                }
                if (!raw)
                    DropRaw();
                using var queue = new OneThread();
                SynchronizationContext.SetSynchronizationContext(queue);
                var task = code();
                _ = task.ContinueWith(_ => queue.Finish(), TaskScheduler.Default);
                queue.Run();
                task.GetAwaiter().GetResult();
                done.SetResult();
            }
#pragma warning disable CA1031 // Carried over to the test's thread.
            catch (Exception e)
            {
                done.SetException(e);
            }
#pragma warning restore CA1031
        })
        { IsBackground = true, Name = name }.Start();
        return done.Task;
    }

    // capabilities(7): they are a thread's own.
    static void DropRaw()
    {
        const int Version3 = 0x20080522, Raw = 13;
        int[] header = [Version3, 0];
        // Effective, permitted and inheritable of the first 32, then of the others.
        var sets = new uint[6];
        if (GetCapabilities(header, sets) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        for (var set = 0; set < 3; set++)
            sets[set] &= ~(1u << Raw);
        if (SetCapabilities(header, sets) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int file, int kind);

    [LibraryImport("libc", EntryPoint = "capget", SetLastError = true)]
    private static partial int GetCapabilities(int[] header, [Out] uint[] sets);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(int[] header, uint[] sets);

    sealed class OneThread : SynchronizationContext, IDisposable
    {
        readonly BlockingCollection<(SendOrPostCallback Code, object? State)> _work = [];

        public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));

        public void Finish() => _work.CompleteAdding();

        public void Run()
        {
            foreach (var (code, state) in _work.GetConsumingEnumerable())
                code(state);
        }

        public void Dispose() => _work.Dispose();
    }
}
