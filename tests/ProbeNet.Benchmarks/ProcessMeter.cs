using System.Globalization;

namespace ProbeNet.Benchmarks;

/// <summary>CPU time and memory from /proc.</summary>
/// <param name="tree">Of all that the process started as well, as PostgreSQL's.</param>
sealed class ProcessMeter(string name, int pid, bool tree)
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    const double TicksPerSecond = 100;

    double _before;
    long _peak;

    public string Name => name;

    public double CpuSeconds => Cpu() - _before;

    public double PeakMegabytes => _peak / 1024.0;

    public void Begin() => _before = Cpu();

    /// <summary>Samples the memory of all twice a second until it is told to stop.</summary>
    public static async Task SampleAsync(IReadOnlyList<ProcessMeter> meters, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            do
                foreach (var meter in meters)
                    meter.Sample();
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>Private memory of each process and the largest share of what they have in common.</summary>
    public void Sample()
    {
        long separate = 0, common = 0;
        foreach (var process in Tree())
        {
            var status = Lines($"/proc/{process}/status");
            separate += Kilobytes(status, "RssAnon:");
            common = Math.Max(common, Kilobytes(status, "RssShmem:") + Kilobytes(status, "RssFile:"));
        }
        _peak = Math.Max(_peak, separate + common);
    }

    // What ended children used is in their parent's counts.
    double Cpu() => Tree().Sum(process =>
    {
        var stat = Lines($"/proc/{process}/stat");
        return stat.Length == 0 ? 0 : stat[0][(stat[0].LastIndexOf(')') + 2)..].Split(' ')[11..(tree ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }) / TicksPerSecond;

    List<int> Tree()
    {
        if (!tree)
            return [pid];
        var parents = Directory.EnumerateDirectories("/proc").Select(directory => int.TryParse(Path.GetFileName(directory), out var id) ? id : 0).Where(id => id > 0)
            .Select(id => (Id: id, Parent: ParentOf(id))).ToLookup(pair => pair.Parent, pair => pair.Id);
        var found = new List<int> { pid };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(parents[found[i]]);
        return found;
    }

    static int ParentOf(int id)
    {
        var stat = Lines($"/proc/{id}/stat");
        return stat.Length == 0 ? 0 : int.Parse(stat[0][(stat[0].LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    static long Kilobytes(string[] status, string field) =>
        status.FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            : 0;

    // A process may end while it is looked at.
    static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
