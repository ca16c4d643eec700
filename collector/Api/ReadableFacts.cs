using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api;

/// <summary>Sealed messages as JSON for people: addresses as addresses, hashes in hexadecimal.</summary>
static class ReadableFacts
{
    static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static JsonNode Facts(byte[] details) => Facts(SealedMeasurement.Parser.ParseFrom(details).Facts);

    public static JsonNode Facts(ByteString facts) => Readable(Protos.V1.Facts.Parser.ParseFrom(facts));

    public static JsonNode Circumstance(byte[] details) => Circumstance(SealedMeasurement.Parser.ParseFrom(details).Circumstance);

    public static JsonNode Circumstance(ByteString circumstance) => Readable(Protos.V1.Circumstance.Parser.ParseFrom(circumstance));

    static JsonNode Readable(IMessage message)
    {
        var node = JsonNode.Parse(Formatter.Format(message))!;
        Rewrite(node, "");
        return node;
    }

    static void Rewrite(JsonNode? node, string name)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (key, value) in parent.ToList())
                    if (Text(key, value) is { } text)
                        parent[key] = text;
                    else
                        Rewrite(value, key);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                    if (Text(name, items[i]) is { } text)
                        items[i] = text;
                    else
                        Rewrite(items[i], name);
                break;
        }
    }

    static string? Text(string name, JsonNode? value)
    {
        if (name is not ("address" or "chain" or "body_sha256") || value is not JsonValue)
            return null;
        var bytes = Convert.FromBase64String(value.GetValue<string>());
        return name == "address" && bytes.Length is 4 or 16 ? new IPAddress(bytes).ToString() : Convert.ToHexStringLower(bytes);
    }
}
