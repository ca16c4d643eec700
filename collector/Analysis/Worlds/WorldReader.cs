using System.Globalization;
using System.Text.Json;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Worlds;

/// <summary>Reads a world file line by line (contract 5). What it does not know it ignores.</summary>
static class WorldReader
{
    const int Excerpt = 60;

    /// <param name="lines">The file's lines, the header first.</param>
    /// <exception cref="InvalidDataException">The message names the line and the field.</exception>
    public static World Read(IEnumerable<string> lines)
    {
        WorldHeader? header = null;
        var observations = new List<WorldObservation>();
        // A world says the same few texts in every line.
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            using var document = Parse(line, number);
            var fields = new WorldLine(document.RootElement, number, texts);
            if (header is null)
                header = Header(fields);
            else
                observations.Add(Observation(fields));
        }
        if (header is null)
            throw new InvalidDataException("the file is empty: its first line must be {\"cc\",\"isps\",\"controls\"}.");
        // The format wants the order of time; a file that is not in it means the same.
        return new(header, [.. observations.OrderBy(o => o.Time).ThenBy(o => o.Line)]);
    }

    static JsonDocument Parse(string line, int number)
    {
        try
        {
            var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new InvalidDataException($"line {number}: not a JSON object.");
        }
        catch (JsonException e)
        {
            var place = e.BytePositionInLine is { } at ? string.Create(CultureInfo.InvariantCulture, $" at character {at + 1}") : "";
            throw new InvalidDataException($"line {number}: not JSON{place}: {(line.Length > Excerpt ? line[..Excerpt] + "…" : line)}", e);
        }
    }

    static WorldHeader Header(WorldLine line)
    {
        var cc = line.Text("cc");
        if (cc.Length != 2 || !cc.All(char.IsAsciiLetterUpper))
            throw line.Fault("cc", "must be a country code of two capital letters");
        WorldIsp[] isps =
        [
            .. line.Items("isps").Select(isp => new WorldIsp(isp.Asn("asn"), isp.Text("name"), isp.OptionalNumber("users")))
                .DistinctBy(isp => isp.Asn),
        ];
        if (isps.Length == 0)
            throw line.Fault("isps", "must name at least one provider");
        var controls = line.Number("controls");
        if (controls is < 0 or > int.MaxValue)
            throw line.Fault("controls", "must be 0 or more");
        CalendarEntry[] calendar =
        [
            .. line.OptionalItems("calendar").Select(entry => new CalendarEntry(entry.Time("at"), entry.Text("what")))
                .OrderBy(entry => entry.At).ThenBy(entry => entry.What, StringComparer.Ordinal),
        ];
        return new(cc, isps, (int)controls, calendar);
    }

    static WorldObservation Observation(WorldLine line) => new(
        line.Line,
        line.Time("time"),
        line.Asn("asn"),
        line.Text("unit"),
        line.Text("group"),
        line.Text("domain"),
        line.OptionalText("category_code"),
        line.Truth("ok"),
        line.OptionalText("layer"),
        line.OptionalText("mechanism"),
        line.OptionalText("token"),
        line.OptionalNumber("hop_asn"),
        (int?)line.OptionalNumber("hop"),
        line.OptionalTruth("reference_ok") ?? true,
        line.OptionalTruth("control_ok"),
        line.OptionalText("reason") switch
        {
            null or "scheduled" => Reason.Scheduled,
            "task" => Reason.Task,
            // Whatever else made somebody measure, it was not the schedule that shares are counted over.
            _ => Reason.Manual,
        },
        line.OptionalText("agent_version"),
        line.OptionalText("via"),
        line.OptionalText("access") switch { "fixed" => Access.Fixed, "mobile" => Access.Mobile, _ => Access.Unknown });
}
