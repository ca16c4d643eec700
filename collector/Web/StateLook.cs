using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>How a state is drawn: a class for the colour, a glyph, and words for who sees neither.</summary>
sealed record StateLook(string Css, string Glyph, string Words, string Meaning)
{
    public static StateLook Of(CellState state) => state switch
    {
        CellState.Blocked => new("blocked", "■", "blocked", "two or more independent volunteers saw proof of interference, again after hours"),
        CellState.LikelyBlocked => new("likely", "▲", "likely blocked", "the evidence passes the bar; proof, time or independence is missing"),
        CellState.Suspected => new("suspected", "△", "suspected", "something is off, but one volunteer only, or unclear; it does not count as blocked"),
        CellState.Throttled => new("throttled", "◐", "slowed", "reachable, but slower than a comparison on the same path"),
        CellState.Mixed => new("mixed", "◪", "mixed", "truly inconsistent inside the provider"),
        CellState.Down => new("down", "✕", "site down", "nobody reaches it, controls in uncensored networks neither"),
        CellState.Refused => new("refused", "⊘", "refused by the site", "the site itself turns visitors from this network away"),
        CellState.Ok => new("ok", "●", "reachable", "it could be opened"),
        CellState.Insufficient => new("insufficient", "–", "not enough data", "nothing can be said: not blocked, not reachable"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>A state in a row of words.</summary>
    public static Html Mark(CellState state, Reader reader)
    {
        var look = Of(state);
        return Html.Of($"""<span class="state {look.Css}"><span class="glyph" aria-hidden="true">{look.Glyph}</span> {reader.Say(look.Words)}</span>""");
    }

    /// <summary>Why there is not enough data, in words; empty for a cell that has a state.</summary>
    public static string WhyInsufficient(CellView cell, int minimumUnits, Reader reader) => cell.Reason switch
    {
        null => "",
        InsufficientReasons.NoAgents => reader.Say("no volunteer at this provider"),
        InsufficientReasons.NotOnList => reader.Say("not on a test list"),
        InsufficientReasons.ReferencesFailed => reader.Say("reference pages failed too"),
        InsufficientReasons.NetworkDown => reader.Say("the network was down"),
        InsufficientReasons.NoControl => reader.Say("no control to compare with"),
        InsufficientReasons.OneVolunteer => reader.Say("one volunteer only"),
        InsufficientReasons.BelowFloor => reader.Say("too few measurements, or fewer than {0} volunteers", minimumUnits),
        var other => other,
    };

    public static IEnumerable<string> Texts => Enum.GetValues<CellState>().Select(Of).SelectMany(look => new[] { look.Words, look.Meaning });
}
