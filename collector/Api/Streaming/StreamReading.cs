using Npgsql;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Streaming;

/// <summary>A cell of the default window that says something else than before; the cell as in a matrix.</summary>
sealed record StreamedCell(string Cc, DateTimeOffset Since, DateTimeOffset Until, CellView Cell);

/// <param name="Kind">"cell" or "event".</param>
/// <param name="Content">A <see cref="StreamedCell"/> or an <see cref="EventView"/>.</param>
sealed record StreamItem(StreamPosition Position, string Kind, object Content);

/// <summary>What has changed since a position, for one reader, out of the store: whichever process computed it.</summary>
sealed class StreamReading(NpgsqlDataSource source, Publication publication)
{
    /// <summary>Of each kind: what a reader has in memory here at most.</summary>
    public const int AtOnce = 250;

    /// <summary>Where everything there is was read.</summary>
    public async Task<StreamPosition> NewestAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand($"select ({CellChanges.Newest}), ({EventTable.Newest})");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <param name="to">Nothing later than this is read.</param>
    /// <returns>With how far it was read: items that the filter leaves out are passed over.</returns>
    public async Task<(IReadOnlyList<StreamItem> Items, StreamPosition Read)> AfterAsync(Caller caller, Filter filter, StreamPosition position, StreamPosition to, CancellationToken ct)
    {
        var items = new List<StreamItem>();
        if (position.Cell < to.Cell)
        {
            var cells = await CellChanges.AfterAsync(source, position.Cell, filter.Cc, filter.Asn, filter.Domain, filter.CategoryCode, AtOnce, ct);
            foreach (var changed in cells)
            {
                position = position with { Cell = changed.Position };
                var view = publication.View(changed.Cell, caller);
                if (filter.Mechanism is null || view.Mechanisms.Any(filter.MatchesMechanism))
                    items.Add(new(position, "cell", new StreamedCell(changed.Cell.Cc, changed.Window.Start, changed.Window.End, view)));
            }
            if (cells.Count < AtOnce && position.Cell < to.Cell)
                position = position with { Cell = to.Cell };
        }
        if (position.Event < to.Event)
        {
            var (events, index) = await EventTable.SaidAfterAsync(source, position.Event, filter.Cc, filter.Domain, filter.CategoryCode, AtOnce, ct);
            var views = events.Select(kept => publication.View(kept.Event, caller)).OfType<EventView>()
                .Where(view => (filter.Asn is null || view.Isps.Any(isp => isp.Asn == filter.Asn)) && (filter.Mechanism is null || view.Isps.Any(isp => isp.Mechanisms.Any(filter.MatchesMechanism)))).ToList();
            // One event may stand in the log several times: only with the last item of the page are all of its lines behind the reader.
            for (var i = 0; i < views.Count; i++)
                items.Add(new(i + 1 < views.Count ? position : position with { Event = index }, "event", views[i]));
            position = position with { Event = index };
        }
        return (items, position);
    }
}
