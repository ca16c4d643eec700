using Google.Protobuf;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Store.Sights;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store;

/// <summary>Sights of a unit day as bytes; the same sights give the same bytes.</summary>
static class SightsCodec
{
    public static byte[] Write(DateOnly day, IEnumerable<Sight> sights)
    {
        var stored = new StoredSights();
        var places = new Dictionary<string, uint>(StringComparer.Ordinal);
        var midnight = Midnight(day);
        foreach (var sight in sights)
        {
            var entry = new StoredSight
            {
                Second = (uint)(sight.Time - midnight).TotalSeconds,
                Grain = (uint)sight.Grain,
                Reason = (uint)sight.Reason,
                Outcome = (uint)sight.Outcome,
                Discarded = sight.DiscardReason is null ? 0 : Place(sight.DiscardReason) + 1,
                HopAsn = (uint)(sight.HopAsn ?? 0),
                Hop = (uint)(sight.Hop ?? 0),
            };
            entry.Mechanisms.AddRange(sight.Mechanisms.Select(m => Place(m.Name)));
            entry.Vias.AddRange(sight.Mechanisms.Select(m => m.Via is null ? 0 : Place(m.Via) + 1));
            entry.Rules.AddRange(sight.Rules.Select(Place));
            entry.Artefacts.AddRange(sight.Artefacts.Select(Place));
            entry.Tokens.AddRange(sight.Tokens.Select(Place));
            stored.Sights.Add(entry);
        }
        return stored.ToByteArray();

        uint Place(string text)
        {
            if (!places.TryGetValue(text, out var place))
            {
                places[text] = place = (uint)places.Count;
                stored.Texts.Add(text);
            }
            return place;
        }
    }

    public static IReadOnlyList<Sight> Read(DateOnly day, byte[] bytes)
    {
        var stored = StoredSights.Parser.ParseFrom(bytes);
        var midnight = Midnight(day);
        var sights = new Sight[stored.Sights.Count];
        for (var i = 0; i < sights.Length; i++)
        {
            var entry = stored.Sights[i];
            var mechanisms = new FoundMechanism[entry.Mechanisms.Count];
            for (var m = 0; m < mechanisms.Length; m++)
                mechanisms[m] = new(Text(entry.Mechanisms[m]), Optional(entry.Vias[m]));
            sights[i] = new(midnight.AddSeconds(entry.Second), (int)entry.Grain, (Reason)entry.Reason, (Outcome)entry.Outcome,
                Optional(entry.Discarded), mechanisms, Texts(entry.Rules), Texts(entry.Artefacts), Texts(entry.Tokens))
            {
                HopAsn = entry.HopAsn == 0 ? null : entry.HopAsn,
                Hop = entry.Hop == 0 ? null : (int)entry.Hop,
            };
        }
        return sights;

        string Text(uint place) => stored.Texts[(int)place];
        string? Optional(uint place) => place == 0 ? null : Text(place - 1);
        string[] Texts(IReadOnlyList<uint> places)
        {
            if (places.Count == 0)
                return [];
            var texts = new string[places.Count];
            for (var t = 0; t < texts.Length; t++)
                texts[t] = Text(places[t]);
            return texts;
        }
    }

    static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
