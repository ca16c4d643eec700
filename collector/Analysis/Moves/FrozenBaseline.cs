using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>How a provider blocked in its first fourteen days with two groups of volunteers: frozen before anything is compared with it.</summary>
/// <param name="Frozen">The day it was frozen on, and not used before.</param>
/// <param name="Rules">The version of the rules and fingerprints that its days were judged under; days judged under others are not compared with it.</param>
/// <param name="Sights">Of blocking, in those days; 0 where the provider blocked nothing.</param>
sealed record FrozenBaseline(string Cc, long Asn, DateOnly Since, DateOnly Until, DateOnly Frozen, string Rules, int Sights, Signature Signature)
{
    public const int Days = 14;
    const int FewestGroups = 2;
    const int FewestDays = 7;
    const int Digits = 6;

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The first fourteen days on half of which two groups or more looked; null before they are over.</summary>
    /// <param name="until">The first day of which nothing is known yet.</param>
    public static CellWindow? PeriodOf(IReadOnlyDictionary<DateOnly, int> watched, DateOnly until)
    {
        DateOnly[] days = [.. watched.Where(d => d.Value >= FewestGroups).Select(d => d.Key).Order()];
        return days.Where(first => first.AddDays(Days) <= until && days.Count(d => d >= first && d < first.AddDays(Days)) >= FewestDays)
            .Select(first => new CellWindow(first, first.AddDays(Days))).FirstOrDefault();
    }

    public static FrozenBaseline Of(string cc, ProviderTraces provider, CellWindow period, DateOnly frozen, string rules)
    {
        Trace[] traces = [.. provider.Traces.Where(t => period.Contains(t.Day))];
        var seen = Signature.Of(traces);
        // Rounded before it is hashed: what is written down is what is compared with.
        return new(cc, provider.Asn, period.Since, period.Until, frozen, rules, traces.Length, new(Rounded(seen.Marks, StringComparer.Ordinal), Rounded(seen.Places, Comparer<long>.Default)));
    }

    /// <summary>What days must be judged under to be compared with it.</summary>
    public static string RulesOf(string fingerprintsVersion) => string.Create(CultureInfo.InvariantCulture, $"{Findings.Rules.Version} {fingerprintsVersion}").TrimEnd();

    /// <summary>As it is hashed and kept: one line of JSON, the same for the same baseline.</summary>
    public string Text() => JsonSerializer.Serialize(this, Json);

    /// <summary>SHA-256 of the text, hexadecimal.</summary>
    [JsonIgnore]
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text())));

    /// <exception cref="JsonException">It is no baseline.</exception>
    public static FrozenBaseline Parse(string text) => JsonSerializer.Deserialize<FrozenBaseline>(text, Json) ?? throw new JsonException("The text is no baseline.");

    /// <summary>SHA-256 of the hash of the baseline frozen before it (32 zero bytes for the first) and the text.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> previous, string text) => SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(text)]);

    public static readonly byte[] NoneBefore = new byte[SHA256.HashSizeInBytes];

    static SortedDictionary<T, double> Rounded<T>(IReadOnlyDictionary<T, double> shares, IComparer<T> order) where T : notnull =>
        new(shares.ToDictionary(s => s.Key, s => Math.Round(s.Value, Digits)), order);
}
