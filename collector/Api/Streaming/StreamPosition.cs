using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProbeNet.Collector.Api.Streaming;

/// <summary>How far a reader is: the last changed cell, and the last line of what was said of events. As text, the id of an item of the stream.</summary>
sealed record StreamPosition(long Cell, long Event)
{
    /// <summary>There is something later in one of the two.</summary>
    public bool IsBefore(StreamPosition other) => Cell < other.Cell || Event < other.Event;

    /// <summary>Does not throw on hostile text.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StreamPosition? position)
    {
        position = null;
        if (text.Split('-') is not [var cell, var e]
            || !long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var cells) || !long.TryParse(e, NumberStyles.None, CultureInfo.InvariantCulture, out var events))
            return false;
        position = new(cells, events);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Cell}-{Event}");
}
