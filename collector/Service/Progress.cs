namespace ProbeNet.Collector.Service;

/// <summary>Shows on a terminal that work goes on, once it has taken two seconds. Standard output stays clean.</summary>
static class Progress
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static async Task<T> WhileAsync<T>(Surroundings surroundings, string what, Task<T> work)
    {
        await ShowAsync(surroundings, what, work);
        return await work;
    }

    public static async Task WhileAsync(Surroundings surroundings, string what, Task work)
    {
        await ShowAsync(surroundings, what, work);
        await work;
    }

    /// <param name="what">Asked every second: how far it is.</param>
    public static async Task<T> WhileAsync<T>(Surroundings surroundings, Func<string> what, Task<T> work)
    {
        await ShowAsync(surroundings, what, work);
        return await work;
    }

    static Task ShowAsync(Surroundings surroundings, string what, Task work) => ShowAsync(surroundings, () => what, work);

    static async Task ShowAsync(Surroundings surroundings, Func<string> what, Task work)
    {
        if (!surroundings.IsTerminal)
            return;
        var began = surroundings.Time.GetTimestamp();
        var shown = false;
        while (await Task.WhenAny(work, Task.Delay(shown ? Step : Quiet, surroundings.Time)) != work)
        {
            shown = true;
            surroundings.Error.Write($"\r{what()} … {surroundings.Time.GetElapsedTime(began).TotalSeconds:0} s ");
            surroundings.Error.Flush();
        }
        if (shown)
            surroundings.Error.Write("\r\e[K");
    }
}
