using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>What no answer to the public may hold: names of measurements and volunteers, exact counts and times, addresses.</summary>
sealed partial class PublicAnswer
{
    // What is counted by volunteers, wherever it stands beside a provider, a rule or a day.
    static readonly string[] Counted = ["units", "groups", "runs", "interference_runs", "targets", "discarded", "artefact", "anomaly", "slow", "refused", "down", "ok"];
    static readonly string[] Classes = ["0-2", "3-5", "6-10", "11+"];

    readonly HashSet<string> _secrets;
    readonly HashSet<string> _sinks;
    readonly string _computed;

    PublicAnswer(HashSet<string> secrets, HashSet<string> sinks, DateTimeOffset now)
    {
        (_secrets, _sinks) = (secrets, sinks);
        _computed = now.ToString("yyyy-MM-dd'T'HH:00", CultureInfo.InvariantCulture);
    }

    /// <summary>Whatever of the store names a measurement, a volunteer or a group.</summary>
    public static async Task<PublicAnswer> OfAsync(SparseCountry country)
    {
        var secrets = await TextsAsync(country,
            """
            select uid::text from measurement_all union select witness::text from unit_day
            union select encode(unit, 'hex') from unit_day union select encode(unit, 'base64') from unit_day
            union select encode("group", 'hex') from unit_day union select encode("group", 'base64') from unit_day union select id from api_key
            """);
        Assert.True(secrets.Count > 1000, $"{secrets.Count} names in the store");
        // Where blocked names are sent to is nobody's home.
        var sinks = (await TextsAsync(country, "select distinct unnest(tokens) from unit_day")).SelectMany(token => Address().Matches(token).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);
        return new(secrets, sinks, country.Web.Ground.Store.Clock.GetUtcNow());
    }

    static async Task<HashSet<string>> TextsAsync(SparseCountry country, string sql)
    {
        await using var command = country.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(WebGround.Ct);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(WebGround.Ct))
            texts.Add(reader.GetString(0));
        return texts;
    }

    /// <returns>What of the answer is not the public's.</returns>
    public IEnumerable<string> Faults(string path, string body)
    {
        foreach (Match word in Word().Matches(body))
            if (_secrets.Contains(word.Value))
                yield return $"{path}: names {word.Value}";
        foreach (Match address in Address().Matches(body))
            if (!_sinks.Contains(address.Value) && IPAddress.TryParse(address.Value, out _))
                yield return $"{path}: address {address.Value}";
        // A moment that was asked for may be said again, in UTC too.
        var asked = Uri.UnescapeDataString(path);
        asked += string.Concat(Moment().Matches(asked).Select(match => DateTimeOffset.TryParse(match.Value, CultureInfo.InvariantCulture, out var moment) ? moment.UtcDateTime.ToString(" yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) : ""));
        foreach (Match time in Time().Matches(body))
            if (time.Groups["clock"].Value is not "00:00" && time.Value.Replace(' ', 'T') is var moment && moment != _computed && !asked.Contains(moment, StringComparison.Ordinal))
                yield return $"{path}: exact time {time.Value}";
        if (body.StartsWith('{') && path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/api/v1/controls", StringComparison.Ordinal))
            foreach (var fault in Counts(JsonNode.Parse(body)!))
                yield return $"{path}: {fault}";
    }

    static IEnumerable<string> Counts(JsonNode node)
    {
        if (node is JsonArray items)
            foreach (var fault in items.Where(item => item is not null).SelectMany(item => Counts(item!)))
                yield return fault;
        if (node is not JsonObject thing)
            yield break;
        var isCounted = thing.ContainsKey("asn") || thing.ContainsKey("rule") || thing.ContainsKey("day");
        foreach (var (name, value) in thing)
        {
            if (isCounted && Counted.Contains(name) && value is JsonValue && !(value.GetValueKind() == System.Text.Json.JsonValueKind.String && Classes.Contains((string)value!)))
                yield return $"{name} is {value.ToJsonString()}";
            if (name is "uid" or "witness" or "unit" or "key" or "report_id" or "unit_evidence" or "log" && value is not null)
                yield return $"has {name}";
            if (value is not null)
                foreach (var fault in Counts(value))
                    yield return fault;
        }
        if ((string?)thing["state"] == "insufficient" && thing.ContainsKey("units")
            && (thing["units"] is not null || thing["runs"] is not null || thing["since"] is not null || thing["mechanisms"]!.AsArray().Count > 0))
            yield return "a cell below what is published has figures: " + thing.ToJsonString();
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", RegexOptions.None, 5000)]
    private static partial Regex Moment();

    [GeneratedRegex("[0-9a-f-]{36}|[0-9a-f]{16,}|[A-Za-z0-9+/]{20,}={0,2}", RegexOptions.None, 5000)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])|(?<![0-9a-f:])[0-9a-f]{1,4}(::?[0-9a-f]{1,4}){3,7}(?![0-9a-f:])", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ](?<clock>\d\d:\d\d)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Time();
}
