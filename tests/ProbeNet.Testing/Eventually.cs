using System.Diagnostics;

namespace ProbeNet.Testing;

/// <summary>Waits for a condition with a deadline. A test that times out says what it waited for.</summary>
public static class Eventually
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">The condition did not come true.</exception>
    public static async Task TrueAsync(string awaited, Func<Task<bool>> condition, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (deadline ?? TimeSpan.FromSeconds(30)))
                throw new TimeoutException($"Waited {watch.Elapsed.TotalSeconds:0} s for: {awaited}");
            await Task.Delay(Pause);
        }
    }

    public static Task TrueAsync(string awaited, Func<bool> condition, TimeSpan? deadline = null) =>
        TrueAsync(awaited, () => Task.FromResult(condition()), deadline);
}
