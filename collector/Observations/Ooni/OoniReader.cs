using System.Globalization;
using System.Text.Json;

namespace ProbeNet.Collector.Observations.Ooni;

/// <summary>Reads one measurement in OONI's format (df-000).</summary>
static class OoniReader
{
    /// <summary>Null for what is no measurement of a web page, or holds text that is no Unicode.</summary>
    public static OoniMeasurement? Read(JsonElement document)
    {
        try
        {
            return ReadPage(document);
        }
        catch (InvalidOperationException e) when (e.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            // The parser takes broken UTF-8 and half surrogates in; they show when a text is asked for.
            return null;
        }
    }

    static OoniMeasurement? ReadPage(JsonElement document)
    {
        if (document.Member("test_keys") is not { } keys || document.Text("test_name") is not ("web_connectivity" or "")
            || document.Time("measurement_start_time") is not { } time)
            return null;
        var facts = OoniProbe.Read(document, keys);
        return ObservationParser.UrlOfInput(facts.Input).Length == 0 ? null : new OoniMeasurement(
            time, document.Text("probe_cc"), Asn(document.Text("probe_asn")), document.Text("report_id"), document.Text("software_version"),
            facts.TestVersion, Verdict(keys), facts, OoniHelper.Read(keys, facts));
    }

    static OoniVerdict Verdict(JsonElement keys) => new(
        keys.Member("blocking") switch
        {
            { ValueKind: JsonValueKind.String } blocking => blocking.GetString(),
            { ValueKind: JsonValueKind.False } => "false",
            _ => null,
        },
        keys.Flag("accessible"),
        keys.Text("dns_consistency") is { Length: > 0 } consistency ? consistency : null);

    static long Asn(string text) =>
        text.StartsWith("AS", StringComparison.OrdinalIgnoreCase) && long.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var asn) ? asn : 0;
}
