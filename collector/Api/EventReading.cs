using System.Buffers.Binary;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>Events for one caller, for REST and feed alike.</summary>
sealed class EventReading(NpgsqlDataSource source, ListTargets lists, AttributionQueries attributions, Publication publication)
{
    public const int OnsetDays = 90;

    /// <summary>Latest day first. A page may hold fewer than was asked for: what the caller may not see is left out of it.</summary>
    public async Task<(IReadOnlyList<EventView> Events, Cursor? Next, ProblemDetails? Problem)> ListAsync(Caller caller, Filter filter, CancellationToken ct)
    {
        foreach (var (name, asked) in new[] { ("since", filter.Since), ("until", filter.Until) })
            if (asked is { TimeOfDay.Ticks: not 0 })
                return ([], null, Problems.BadParameter(name, "events are listed by whole UTC days; give a day."));
        var end = publication.EndFor(caller, filter.AsOf);
        var until = filter.Until is { } wanted && DayOf(wanted) < end ? DayOf(wanted) : end;
        var query = new EventFilter(
            filter.Cc, filter.Asn, filter.Domain, filter.CategoryCode, filter.Since is { } since ? DayOf(since) : null, until,
            filter.After is { } after ? (DayOf(after.Time), IdOf(after.Uid)) : null);
        var read = await EventTable.PageAsync(source, query, filter.Limit, ct);
        var views = read.Select(kept => publication.View(kept.Event, caller, filter.AsOf)).OfType<EventView>()
            // What is filtered is what the caller sees.
            .Where(view => (filter.Asn is null || view.Isps.Any(isp => isp.Asn == filter.Asn))
                && (filter.Mechanism is null || view.Isps.Any(isp => isp.Mechanisms.Any(filter.MatchesMechanism)))).ToList();
        return (views, read.Count == filter.Limit ? new(Midnight(read[^1].Event.At.Latest), UidOf(read[^1].Event.Id)) : null, null);
    }

    /// <summary>A country's onsets in the <see cref="OnsetDays"/> days before, latest first.</summary>
    public async Task<IReadOnlyList<EventView>> OnsetsAsync(Caller caller, string cc, DateTimeOffset until, DateTimeOffset? asOf, CancellationToken ct)
    {
        var (told, _, _) = await ListAsync(caller, new() { Cc = cc, Since = until.AddDays(-OnsetDays), Until = until, AsOf = asOf, Limit = Filter.MaximumLimit }, ct);
        return [.. told.Where(e => e.Kind == "onset")];
    }

    public async Task<EventDetail?> FindAsync(Caller caller, string id, DateTimeOffset? asOf, CancellationToken ct) =>
        await EventTable.FindAsync(source, id, ct) is { } kept && publication.View(kept.Event, caller, asOf) is { } view
            ? new(view with { Attribution = await AttributionAsync(kept.Event, caller, asOf, ct) }, (await lists.FindAsync(view.Cc, view.Domain, ct))?.CategoryCode,
                caller.IsPublic ? null : [.. (await EventTable.LogAsync(source, id, ct)).Where(entry => asOf is null || entry.Recorded < asOf)], publication.Licence)
            : null;

    async Task<TargetVerdictView?> AttributionAsync(BlockEvent e, Caller caller, DateTimeOffset? asOf, CancellationToken ct) =>
        await attributions.OfEventAsync(e, publication.EndFor(caller, asOf), publication.LeastFor(caller), ct) is { } verdict ? TargetVerdictView.Of(verdict) : null;

    // A cursor goes by day: the exact time is not everybody's.
    static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    static Guid UidOf(string id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ulong.Parse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return new(bytes, bigEndian: true);
    }

    static string IdOf(Guid uid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uid.TryWriteBytes(bytes, bigEndian: true, out _);
        return Convert.ToHexStringLower(bytes[8..]);
    }
}
