using System.Text.Json.Nodes;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What a volunteer saw beside what a control saw, layer by layer. English, as single measurements are.</summary>
static class LayerTable
{
    // Fields are those of probenet.v1.Facts.
    static readonly (string Field, string Title, Func<JsonNode, string> Say)[] Layers =
    [
        ("dns", "Name (DNS)", node => $"{Text(node, "engine")} {Text(node, "query_type")} {Text(node, "hostname")}: {Ended(node, Answers(node))}"),
        ("tcp", "Connection (TCP)", node => $"{Text(node, "address")} port {Text(node, "port")}: {Ended(node, "connected")}"),
        ("tls", "Encryption (TLS)", node => $"{Text(node, "server_name")} at {Text(node, "address")}: {Ended(node, Text(node, "version"))}"),
        ("http", "Page (HTTP)", node => $"{Text(node, "url")}: {Ended(node, $"{Text(node, "status")} {Text(node, "title")}".TrimEnd())}"),
    ];

    /// <param name="control">The nearest in time; null where none measured this host around then.</param>
    public static Html Of(JsonNode volunteer, ControlView? control) => Html.Of($"""
        <div class="scroll" role="region" aria-label="Layer by layer" tabindex="0">
        <table class="facts"><thead><tr><th scope="col">Layer</th><th scope="col">This volunteer</th><th scope="col">{(control is null ? "No control" : $"The nearest control (AS{control.Asn}, {Json.Utc(control.Started)})")}</th></tr></thead><tbody>
        {Layers.Select(layer => Html.Of($"""<tr><th scope="row">{layer.Title}</th>{new[] { volunteer, control?.Observations }.Select(facts => Html.Of($"<td>{Lines(facts?[layer.Field], layer.Say)}</td>"))}</tr>"""))}
        </tbody></table></div>
        """);

    static Html Lines(JsonNode? attempts, Func<JsonNode, string> say) => attempts is not JsonArray { Count: > 0 } all ? Html.Of($"not reached") : Html.Of($"""
        <ul>{all.GroupBy(attempt => say(attempt!)).Select(alike => Html.Of($"<li>{alike.Key}{(alike.Count() > 1 ? $" ({alike.Count()} times)" : "")}</li>"))}</ul>
        """);

    static string Ended(JsonNode attempt, string well)
    {
        var arm = Text(attempt, "arm");
        return (Text(attempt, "failure") is { Length: > 0 } failure ? failure : well) + (arm.Length > 0 ? $" ({arm})" : "");
    }

    static string Answers(JsonNode query)
    {
        var answers = (query["replies"] as JsonArray ?? []).SelectMany(reply => reply!["answers"] as JsonArray ?? []).ToList();
        return string.Join(", ", answers.Select(answer => Text(answer!, "address") is { Length: > 0 } address ? address : Text(answer!, "cname")).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)) is { Length: > 0 } told
            ? told : "no address";
    }

    static string Text(JsonNode node, string field) => node[field]?.ToString() ?? "";
}
