using System.Globalization;
using System.Text;
using System.Xml;

namespace ProbeNet.Collector.Api;

/// <summary>Events as a feed (RFC 4287).</summary>
static class EventFeed
{
    public const string MediaType = "application/atom+xml";

    const string Atom = "http://www.w3.org/2005/Atom";

    /// <param name="site">Where the reader asked: scheme and host.</param>
    public static string Write(IReadOnlyList<EventView> events, string site)
    {
        using var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new() { Indent = true }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("id", Atom, "urn:probenet:events");
            xml.WriteElementString("title", Atom, "Onsets and ends of blocking");
            xml.WriteElementString("updated", Atom, Json.Utc(events.Select(Updated).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max()));
            Link(xml, "self", $"{site}/api/v1/events.atom");
            foreach (var e in events)
            {
                xml.WriteStartElement("entry", Atom);
                xml.WriteElementString("id", Atom, $"urn:probenet:event:{e.Id}");
                xml.WriteElementString("title", Atom, TitleOf(e));
                xml.WriteElementString("updated", Atom, Json.Utc(Updated(e)));
                Link(xml, "alternate", $"{site}/api/v1/events/{e.Id}");
                xml.WriteStartElement("author", Atom);
                xml.WriteElementString("name", Atom, "ProbeNet");
                xml.WriteEndElement();
                xml.WriteElementString("summary", Atom, string.Join(" ", e.Isps.Select(Summary)));
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return text.ToString();
    }

    static void Link(XmlWriter xml, string relation, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    static DateTimeOffset Updated(EventView e) => e.Isps.Max(isp => isp.ConfirmedAt ?? isp.DetectedAt);

    static string TitleOf(EventView e) => string.Create(CultureInfo.InvariantCulture,
        $"{e.Cc}: {e.Domain} {(e.Kind == "onset" ? "began to be blocked" : "ceased to be blocked")} at {e.Isps.Select(isp => isp.Asn).Distinct().Count()} provider(s), {e.Status}");

    static string Summary(EventIspView isp) => string.Create(CultureInfo.InvariantCulture,
        $"AS{isp.Asn}: between {Json.Utc(isp.At[0]!.Value)} and {Json.Utc(isp.At[1]!.Value)}, {isp.Units} volunteers{(isp.Mechanisms.Count == 0 ? "" : ", " + string.Join(", ", isp.Mechanisms))}.");

    sealed class Utf8Writer() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
