using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProbeNet.Collector.Api.Evidence;

static class BundleJson
{
    /// <summary>For people too: indented.</summary>
    public static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    /// <summary>What the format names must be there, and nothing else.</summary>
    public static readonly JsonSerializerOptions Strict = new(Json.Options)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Indented);
}
