using System.Globalization;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>How events are worded and marked.</summary>
static class EventLook
{
    public const string Onset = "▶";
    public const string End = "◁";

    public static string Glyph(string kind) => kind == "onset" ? Onset : End;

    public static Html Mark(string kind, Reader reader) => kind == "onset"
        ? Html.Of($"""<span class="state blocked"><span class="glyph" aria-hidden="true">{Onset}</span> {reader.Say("began to be blocked")}</span>""")
        : Html.Of($"""<span class="state ok"><span class="glyph" aria-hidden="true">{End}</span> {reader.Say("ceased to be blocked")}</span>""");

    /// <summary>Providers at which it shows, each once.</summary>
    public static int Isps(EventView e) => e.Isps.Select(isp => isp.Asn).Distinct().Count();

    public static string Spread(EventView e, Reader reader) => Isps(e) < 2 ? reader.Say("one provider")
        : reader.Caller.IsPublic ? reader.Say("within {0} days", Math.Ceiling(e.SpreadHours / 24) + 1)
        : reader.Say("{0} h", e.SpreadHours.ToString("0.#", CultureInfo.InvariantCulture));

    /// <summary>In English, for <see cref="Reader.Say"/>.</summary>
    public static string Standing(string status) => status switch
    {
        EventStates.Confirmed => "confirmed",
        EventStates.Provisional => "not confirmed yet",
        EventStates.Withdrawn => "taken back",
        EventStates.Withheld => "withheld: something else explains it",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <inheritdoc cref="Standing"/>
    public static string Why(string reason) => reason switch
    {
        EventContrasts.Network => "most of what is watched at the provider failed at the same time",
        EventContrasts.Release => "only a new version of the agent sees it",
        EventContrasts.Elsewhere => "the site began to fail in other countries at the same time",
        EventContrasts.LaterData => "what came later no longer shows it",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static IEnumerable<string> Texts =>
    [
        .. new[] { EventStates.Confirmed, EventStates.Provisional, EventStates.Withdrawn, EventStates.Withheld }.Select(Standing),
        .. new[] { EventContrasts.Network, EventContrasts.Release, EventContrasts.Elsewhere, EventContrasts.LaterData }.Select(Why),
    ];
}
