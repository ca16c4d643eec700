using Microsoft.Extensions.Options;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>
/// What whom may see: the one place where a cell becomes something that leaves the collector. The public sees whole UTC
/// days after a delay, nothing of a slice with too few volunteers, and counts as classes, so that no difference between
/// two answers tells of one volunteer. Pages, REST and exports print what stands here.
/// </summary>
sealed class Publication(IOptions<PublicationOptions> options, TimeProvider time)
{
    public int MinimumUnits => options.Value.MinimumUnits;

    public TimeSpan Delay => options.Value.Delay;

    public string Licence => options.Value.Licence;

    /// <summary>The first day that the caller may not see yet.</summary>
    public DateOnly EndFor(Caller caller, DateTimeOffset? asOf = null)
    {
        var now = time.GetUtcNow();
        if (asOf < now)
            now = asOf.Value;
        // A delay of 0 shows the day in progress, to everybody.
        return caller.IsPublic && Delay > TimeSpan.Zero ? DayOf(now - Delay) : DayOf(now).AddDays(1);
    }

    /// <summary>Volunteers that a day of a site at a provider needs before it counts for the caller; 0 for those who see all of them.</summary>
    public int LeastFor(Caller caller) => caller.IsPublic ? MinimumUnits : 0;

    /// <summary>When what is shown was computed; to the public the hour, for late measurements have it computed anew.</summary>
    public static DateTimeOffset Computed(DateTimeOffset at, Caller caller) => caller.IsPublic ? new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero) : at;

    /// <summary>The days asked for, as far as the caller may see them; without any asked for, the last seven.</summary>
    /// <returns>Null with the parameter that is not the start of a UTC day, or asks for nothing that may be seen.</returns>
    public CellWindow? WindowFor(Caller caller, Filter filter, out (string Name, string Why) fault)
    {
        fault = default;
        foreach (var (name, asked) in new[] { ("since", filter.Since), ("until", filter.Until) })
            if (asked is { TimeOfDay.Ticks: not 0 })
                fault = (name, "cells are made of whole UTC days; give a day.");
        if (fault.Name is not null)
            return null;
        var end = EndFor(caller, filter.AsOf);
        var until = filter.Until is { } wanted && DayOf(wanted) < end ? DayOf(wanted) : end;
        var since = filter.Since is { } from ? DayOf(from) : until.AddDays(-CellWindow.DefaultDays);
        if (since < until)
            return new(since, until);
        fault = ("since", $"nothing from then on is published yet; days are, up to {end.AddDays(-1):yyyy-MM-dd}.");
        return null;
    }

    public CellView View(Cell cell, Caller caller)
    {
        if (!caller.IsPublic)
            return Whole(cell) with { Witness = cell.Witness };
        if (cell.Units < MinimumUnits)
            return new()
            {
                Domain = cell.Target,
                Asn = cell.Asn,
                State = CellState.Insufficient,
                // Whether one volunteer looked at it, at something else or none at all would tell of one volunteer.
                Reason = InsufficientReasons.BelowFloor,
            };
        return Whole(cell) with
        {
            Units = Count.InClass(cell.Units),
            Groups = Count.InClass(cell.Groups),
            Runs = Count.InClass(cell.Runs),
            InterferenceRuns = Count.InClass(cell.InterferenceRuns),
            // Finer figures could be turned back into exact counts.
            Interval = cell.Interval is { } share ? [Math.Floor(share.Low * 10) / 10, Math.Ceiling(share.High * 10) / 10] : null,
            Posterior = cell.Posterior is { } posterior ? Math.Round(posterior, 1) : null,
            Since = cell.Since is { } since ? [Floor(since.Earliest), Ceiling(since.Latest)] : null,
        };
    }

    /// <param name="isp">The ISP's name, where the table has one.</param>
    public ExplanationView View(CellExplanation explanation, string? isp, Caller caller)
    {
        var cell = View(explanation.Cell, caller);
        var silent = caller.IsPublic && explanation.Cell.Units < MinimumUnits;
        return new(
            explanation.Cell.Cc, explanation.Window.Start, explanation.Window.End, cell, isp,
            caller.IsPublic ? PublicReasoning.Of(silent ? null : explanation.Reasoning, MinimumUnits) : explanation.Reasoning.Steps,
            [.. explanation.Rules.Where(_ => !silent).Select(rule => new RuleView(rule.Rule, View(rule.Runs, rule.Units, caller), View(rule.Units, rule.Units, caller)))],
            caller.IsPublic ? null : explanation.Units,
            [.. explanation.Days.Where(_ => !silent).Select(day => View(day, caller))],
            // Controls are no volunteers; their figures are open.
            explanation.Controls,
            Licence);
    }

    DayView View(CellDay day, Caller caller)
    {
        Count Of(int number) => View(number, day.Units, caller);
        return new(day.Day, Of(day.Units), Of(day.Artefact), Of(day.Anomaly), Of(day.Slow), Of(day.Refused), Of(day.Down), Of(day.Ok), Of(day.Discarded));
    }

    /// <summary>
    /// An event as far as it was known then: to the public whole days and providers with enough volunteers, and nothing of what something
    /// else than blocking explains.
    /// </summary>
    /// <returns>Null where nothing of it may be seen.</returns>
    public EventView? View(BlockEvent e, Caller caller, DateTimeOffset? asOf = null)
    {
        DateTimeOffset? end = caller.IsPublic ? new(EndFor(caller, asOf).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : asOf;
        EventIsp[] isps =
        [
            .. e.Isps.Where(i => (end is null || i.DetectedAt < end) && (!caller.IsPublic || i.Units >= MinimumUnits))
                .Select(i => i.ConfirmedAt < end || end is null ? i : i with { ConfirmedAt = null }),
        ];
        if (isps.Length == 0 || (caller.IsPublic && e.Status == EventStates.Withheld))
            return null;
        var status = !EventStates.Counts(e.Status) ? e.Status
            : isps.Any(i => i.ConfirmedAt is not null) ? EventStates.Confirmed
            : isps.All(i => i.Withdrawn) ? EventStates.Withdrawn : EventStates.Provisional;
        EventIspView[] shown =
        [
            .. isps.Select(i => new EventIspView(
                i.Asn, Pair(i.At, caller), caller.IsPublic ? Ceiling(i.DetectedAt) : i.DetectedAt,
                caller.IsPublic && i.ConfirmedAt is { } confirmed ? Ceiling(confirmed) : i.ConfirmedAt,
                i.Withdrawn, i.Mechanisms, View(i.Units, i.Units, caller), i.Withheld)),
        ];
        return new(
            e.Id, e.Cc, e.Target, EventTable.Word(e.Kind), status, e.Reason, shown[0].At, Math.Round((shown[^1].At[1]!.Value - shown[0].At[1]!.Value).TotalHours, 1), shown);
    }

    /// <summary>Whether the caller could see an event as one that counts, right before it was taken back (or after it was put back) then.</summary>
    public bool WasOnShow(BlockEvent e, Caller caller, DateTimeOffset then) =>
        View(e with { Status = EventStates.Provisional, Reason = null }, caller, then) is not null;

    /// <summary>The moves that the caller may see: to the public those of enough volunteers, in whole days.</summary>
    public (IReadOnlyList<MoveView> Moves, IReadOnlyList<DriftView> Drifts) View(MoveReport report, Caller caller)
    {
        var least = LeastFor(caller);
        return (
            [.. report.Moves.Where(m => m.Units >= least).Select(m => new MoveView(m.Asn, Pair(m.At, caller), m.ExplainedBy))],
            [.. report.Drifts.Select(d => DriftView.Of(d, least))]);
    }

    static DateTimeOffset?[] Pair(Bracket at, Caller caller) => caller.IsPublic ? [Floor(at.Earliest), Ceiling(at.Latest)] : [at.Earliest, at.Latest];

    /// <summary>Numbers of volunteers or their measurements in a slice that is no cell.</summary>
    /// <param name="units">Volunteers in the slice.</param>
    public Count View(int number, int units, Caller caller) =>
        !caller.IsPublic ? Count.Exact(number) : units < MinimumUnits ? Count.Hidden : Count.InClass(number);

    static CellView Whole(Cell cell) => new()
    {
        Domain = cell.Target,
        Asn = cell.Asn,
        State = cell.State,
        Reason = cell.Reason,
        Mechanisms = [.. cell.Mechanisms.Select(mechanism => mechanism.Name)],
        Via = cell.Mechanisms.FirstOrDefault(mechanism => mechanism.Via is not null)?.Via,
        Locus = cell.Locus,
        HopAsn = cell.HopAsn,
        Units = Count.Exact(cell.Units),
        Groups = Count.Exact(cell.Groups),
        Runs = Count.Exact(cell.Runs),
        InterferenceRuns = Count.Exact(cell.InterferenceRuns),
        Interval = cell.Interval is { } share ? [Math.Round(share.Low, 4), Math.Round(share.High, 4)] : null,
        Posterior = cell.Posterior,
        Since = cell.Since is { } since ? [since.Earliest, since.Latest] : null,
        Changed = cell.Changed,
        Access = cell.Access,
    };

    static DateTimeOffset? Floor(DateTimeOffset? moment) => moment is { } at ? new(at.UtcDateTime.Date, TimeSpan.Zero) : null;

    static DateTimeOffset Ceiling(DateTimeOffset moment)
    {
        var day = moment.UtcDateTime.Date;
        return new(day == moment.UtcDateTime ? day : day.AddDays(1), TimeSpan.Zero);
    }

    static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);
}
