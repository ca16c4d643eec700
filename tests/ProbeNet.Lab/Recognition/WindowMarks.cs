using ProbeNet.Lab.Middlebox;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Recognition;

/// <summary>Marks of everything that began in one stretch of time: means over its conversations, and how they go together.</summary>
static class WindowMarks
{
    /// <param name="window">Not empty.</param>
    /// <param name="all">The whole capture: which address is a web server, and which one the usual resolver, shows over time.</param>
    public static Marks Of(IReadOnlyList<Conversation> window, IReadOnlyList<Conversation> all)
    {
        var marks = new Marks();
        foreach (var kind in window.GroupBy(ConversationMarks.KindOf))
        {
            var each = kind.Select(ConversationMarks.Of).ToArray();
            foreach (var mark in each.SelectMany(one => one).GroupBy(pair => (Kind: kind.Key, pair.Key)))
            {
                // What is of every TCP connection is kept apart by kind, as sizes and times are.
                var name = Marks.FamilyOf(mark.Key.Key) == "tcp" ? $"{mark.Key.Key}.{mark.Key.Kind}" : mark.Key.Key;
                marks[name] = mark.Sum(pair => pair.Value) / each.Length;
            }
            marks["counts." + kind.Key] = each.Length;
        }
        Together(marks, window, all);
        return marks;
    }

    static void Together(Marks marks, IReadOnlyList<Conversation> window, IReadOnlyList<Conversation> all)
    {
        var (questions, secured) = (Of(window, "dns"), Of(window, "tls"));
        var web = all.Where(one => one.IsTcp).Select(one => one.Flow.Destination).ToHashSet();
        var usual = Of(all, "dns").GroupBy(one => one.Flow.Destination).MaxBy(server => server.Count())?.Key;
        marks["counts.conversations"] = window.Count;
        marks["counts.packets"] = window.Sum(one => one.Packets.Count);
        marks["counts.bytes.out"] = Bytes(window, sent: true);
        marks["counts.bytes.in"] = Bytes(window, sent: false);
        marks["counts.questions_per_tls"] = questions.Length / Math.Max(1.0, secured.Length);
        marks["counts.resolvers"] = questions.Select(one => one.Flow.Destination).Distinct().Count();
        marks["counts.questions_elsewhere"] = questions.Count(one => !one.Flow.Destination.Equals(usual));
        marks["counts.questions_to_web_servers"] = questions.Count(one => web.Contains(one.Flow.Destination));
        var names = questions.SelectMany(one => one.Questions).Select(bytes => DnsMessage.Read(bytes)?.Name).OfType<string>().ToArray();
        marks["counts.questions_per_name"] = names.Length / Math.Max(1.0, names.Distinct(StringComparer.Ordinal).Count());
        marks["counts.tls_per_name"] = secured.Length / Math.Max(1.0, secured.Select(one => NameReader.Read(one.Sent).Name).Distinct(StringComparer.Ordinal).Count());
        marks["counts.again"] = window.Where(one => one.IsTcp).GroupBy(one => (one.Flow.Destination, one.Flow.DestinationPort)).Sum(place => place.Count() - 1);
        marks["counts.sixth"] = window.Count(one => one.Flow.Destination.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) / (double)window.Count;
        marks["counts.side_by_side"] = window.Max(one => window.Count(other => other.IsTcp && other.Begin <= one.Begin && other.End >= one.Begin));
        marks["counts.silent_tls"] = secured.Count(one => one.Packets.Count(packet => packet.Out && packet.Payload > 0) <= 2);
        var gaps = window.Zip(window.Skip(1), (before, after) => after.Begin - before.Begin).ToArray();
        marks["time.gap"] = gaps.Length == 0 ? 0 : gaps.Average();
        marks["time.longest_gap"] = gaps.Length == 0 ? 0 : gaps.Max();
    }

    static Conversation[] Of(IEnumerable<Conversation> some, string kind) => [.. some.Where(one => ConversationMarks.KindOf(one) == kind)];

    static double Bytes(IEnumerable<Conversation> window, bool sent) =>
        window.SelectMany(one => one.Packets).Where(packet => packet.Out == sent).Sum(packet => packet.Length);
}
