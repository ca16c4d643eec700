using System.Security.Cryptography;
using ProbeNet.Collector.Analysis.Fingerprints;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// CSV in OONI's columns (name, scope, location_found, pattern_type, pattern, expected_countries and others that are ignored).
/// </summary>
static class FingerprintFile
{
    static readonly string[] Columns = ["name", "scope", "location_found", "pattern_type", "pattern", "expected_countries"];

    /// <summary>The files together are one set; its version is a hash of their contents.</summary>
    /// <exception cref="InvalidDataException">A column or a value is missing; the message names file and line.</exception>
    public static FingerprintSet Load(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
            return FingerprintSet.Empty;
        var all = new List<Fingerprint>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sources = new List<FingerprintSource>();
        foreach (var path in paths)
        {
            var bytes = File.ReadAllBytes(path);
            hash.AppendData(bytes);
            var source = new FingerprintSource(Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(bytes)));
            sources.Add(source);
            using var reader = File.OpenText(path);
            all.AddRange(Read(reader, path).Select(fingerprint => fingerprint with { Source = source.Name }));
        }
        return new(all, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))) { Files = sources };
    }

    /// <param name="name">What a message calls the file.</param>
    public static IEnumerable<Fingerprint> Read(TextReader reader, string name)
    {
        int[]? places = null;
        foreach (var (line, fields) in CsvRecords.Read(reader))
        {
            if (places is null)
            {
                places = [.. Columns.Select(c => Place(fields, c, name))];
                continue;
            }
            if (fields.Count <= places.Max())
                throw new InvalidDataException($"{name}, line {line}: {fields.Count} fields where the header has more");
            if (fields[places[0]].Length == 0)
                throw new InvalidDataException($"{name}, line {line}: a fingerprint without a name");
            // The patterns are somebody's live collection: one that cannot be used is left out, the rest stay useful.
            if (FingerprintPattern.Of(fields[places[3]], fields[places[4]]) is { } pattern)
                yield return new(fields[places[0]], fields[places[1]], fields[places[2]], pattern,
                    fields[places[5]].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        if (places is null)
            throw new InvalidDataException($"{name}: no header line");
    }

    static int Place(IReadOnlyList<string> header, string column, string name)
    {
        for (var i = 0; i < header.Count; i++)
            if (header[i].Trim('\uFEFF', ' ') == column)
                return i;
        throw new InvalidDataException($"{name}: column {column} is missing");
    }
}
