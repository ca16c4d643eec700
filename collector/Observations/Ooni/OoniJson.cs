using System.Globalization;
using System.Net;
using System.Text.Json;
using Google.Protobuf;

namespace ProbeNet.Collector.Observations.Ooni;

/// <summary>Reads values of JSON that somebody else wrote: what is missing or of another kind is simply not there.</summary>
static class OoniJson
{
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    public static long Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? (long)Math.Clamp(number, long.MinValue, long.MaxValue) : 0;

    public static bool? Flag(this JsonElement element, string name) => element.Member(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Members(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : [];

    /// <summary>Seconds since the measurement's start as microseconds.</summary>
    public static uint Microseconds(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var seconds) ? (uint)Math.Clamp(seconds * 1e6, 0, uint.MaxValue) : 0;

    /// <summary>"2024-02-12 20:33:47", which is UTC (df-000).</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(element.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    public static ByteString? Address(string text) =>
        IPAddress.TryParse(text, out var address) ? ByteString.CopyFrom(address.GetAddressBytes()) : null;

    /// <summary>"192.0.2.1:443" or "[2001:db8::1]:443".</summary>
    public static (ByteString Address, uint Port)? Endpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0 ? (ByteString.CopyFrom(endpoint.Address.GetAddressBytes()), (uint)endpoint.Port) : null;
}
