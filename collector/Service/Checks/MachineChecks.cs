using ProbeNet.Collector.Store.Embedded;

namespace ProbeNet.Collector.Service.Checks;

/// <summary>The state directory, the disk and the programs that the collector needs.</summary>
static class MachineChecks
{
    const long LowDisk = 1L << 30;
    const long NoDisk = 100L << 20;

    // Before this version was written, no clock was right.
    static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Check> All(IConfiguration configuration, TimeProvider time)
    {
        var state = Path.GetFullPath(configuration[CollectorConfiguration.StateDirectory]!);
        yield return StateDirectory(state);
        yield return Disk(state);
        yield return time.GetUtcNow() >= Earliest
            ? Check.Ok("clock", $"It is {time.GetUtcNow():yyyy-MM-dd HH:mm} UTC here.")
            : Check.Fail("clock", $"It is {time.GetUtcNow():yyyy-MM-dd} here, which cannot be.", "Set the clock, best by NTP: sessions more than five minutes off are refused.");
        if (string.IsNullOrEmpty(configuration.GetConnectionString("Store")))
            yield return Binaries();
    }

    static Check StateDirectory(string state)
    {
        try
        {
            Directory.CreateDirectory(state);
            var probe = Path.Combine(state, $".doctor.{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return Check.Ok("state directory", $"{state} can be written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Check.Fail("state directory", e.Message, "Give the directory to the user who runs the collector, or set Collector__StateDirectory.");
        }
    }

    static Check Disk(string state)
    {
        var free = new DriveInfo(Directory.Exists(state) ? state : "/").AvailableFreeSpace;
        var said = $"{free / 1024.0 / 1024 / 1024:0.0} GiB are free.";
        return free switch
        {
            < NoDisk => Check.Fail("disk", said, "Make room now: nothing can be accepted without it."),
            < LowDisk => Check.Warn("disk", said, "Make room, or shorten Collector__Retention__Measurements."),
            _ => Check.Ok("disk", said),
        };
    }

    static Check Binaries() => PostgresBinaries.Find() is { } found
        ? Check.Ok("postgresql", $"PostgreSQL {found.MajorVersion} is in {found.Directory}.")
        : Check.Fail("postgresql", "PostgreSQL is not installed.", "Debian: apt install postgresql. Or set ConnectionStrings__Store.");
}
