using System.Globalization;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks;

/// <summary>
/// What volunteers of an invented country saw on some days: a tenth of the sites is answered with one sink at a third of the providers,
/// everything else is reached.
/// </summary>
/// <param name="Sights">A day, of each volunteer of a provider.</param>
/// <param name="IsVaried">A tenth of the volunteers' days is missing, and half of the blocked sites were reached at first.</param>
sealed record MadeMonth(int Targets, int Providers, IReadOnlyList<int> Sights, CellWindow Window, bool IsVaried)
{
    public const string Country = "KH";

    const int HoursBetween = 2, OpenDays = 10, OnsetDays = 10;

    /// <summary>Over 3 million in 30 days: few sites and providers, each looked at often.</summary>
    public static MadeMonth Deep(CellWindow window) => new(200, 12, [14, 14, 14], window, IsVaried: false);

    /// <summary>Over 3 million in 32 days: many sites and providers.</summary>
    public static MadeMonth Wide(CellWindow window) => new(500, 30, [3, 2, 2], window, IsVaried: true);

    public long UnitDays => Looks().LongCount();

    public long Measurements => Looks().Sum(look => (long)Sights[look.Unit]);

    public static string HostOf(int target) => string.Create(CultureInfo.InvariantCulture, $"site{target}.example");

    public static long AsnOf(int provider) => 64_501 + provider;

    public static byte[] UnitOf(int provider, int unit) => [(byte)provider, (byte)unit];

    public static DateTimeOffset TimeOf(DateOnly day, int hour) => new(day.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.Zero);

    /// <summary>The hour of a volunteer's n-th sight of a day.</summary>
    public int HourOf(int n) => Sights.Max() > 24 / HoursBetween ? n : n * HoursBetween;

    public bool IsBlocked(int target, int provider, DateOnly day) => target % 10 == 0 && provider % 3 == 0
        && (!IsVaried || target % 20 == 0 || day.DayNumber >= Window.Since.DayNumber + OpenDays + (target / 20 % OnsetDays));

    public bool Looked(int target, int provider, int unit, DateOnly day) => !IsVaried || Mixed(target, provider, unit, day.DayNumber) % 10 != 0;

    /// <summary>The unit days, computed from nothing.</summary>
    /// <param name="fingerprintsVersion">What they say that they were judged with; a collector that has others judges them again.</param>
    public async Task FillAsync(NpgsqlDataSource source, string fingerprintsVersion, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        for (var target = 0; target < Targets; target++)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            for (var day = Window.Since; day < Window.Until; day = day.AddDays(1))
                await Collector.Store.UnitDays.ReplaceAsync(connection, Country, HostOf(target), day, Made(target, day), fingerprintsVersion, ct);
            await transaction.CommitAsync(ct);
        }
    }

    List<UnitDay> Made(int target, DateOnly day)
    {
        var days = new List<UnitDay>();
        for (var provider = 0; provider < Providers; provider++)
            for (var unit = 0; unit < Sights.Count; unit++)
                if (Looked(target, provider, unit, day))
                    days.Add(new()
                    {
                        Day = day,
                        Cc = Country,
                        Asn = AsnOf(provider),
                        Host = HostOf(target),
                        Target = HostOf(target),
                        Unit = new(UnitOf(provider, unit)),
                        Group = new(UnitOf(provider, unit)),
                        AsnSource = AsnSource.Bound,
                        Access = Access.Fixed,
                        Sights = [.. Enumerable.Range(0, Sights[unit]).Select(n => Seen(TimeOf(day, HourOf(n)), IsBlocked(target, provider, day)))],
                        Witness = Guid.Empty,
                    });
        return days;
    }

    IEnumerable<(int Target, int Provider, int Unit, DateOnly Day)> Looks() =>
        from day in Enumerable.Range(0, Window.Days).Select(Window.Since.AddDays)
        from target in Enumerable.Range(0, Targets)
        from provider in Enumerable.Range(0, Providers)
        from unit in Enumerable.Range(0, Sights.Count)
        where Looked(target, provider, unit, day)
        select (target, provider, unit, day);

    static Sight Seen(DateTimeOffset at, bool isBlocked) => isBlocked
        ? new(at, 60, Reason.Scheduled, Outcome.Artefact, null, [new("dns.injection.sink", "resolver")], ["dns.sink"], ["sink"], ["192.0.2.1"])
        : new(at, 60, Reason.Scheduled, Outcome.Ok, null, [], ["ok"], [], []);

    // The same on every run and machine (xorshift over the sum).
    static uint Mixed(int target, int provider, int unit, int day)
    {
        var x = unchecked(((uint)target * 2_654_435_761) + ((uint)provider * 40_503) + ((uint)unit * 2_246_822_519) + ((uint)day * 3_266_489_917) + 1);
        x ^= x << 13;
        x ^= x >> 17;
        return x ^ (x << 5);
    }
}
