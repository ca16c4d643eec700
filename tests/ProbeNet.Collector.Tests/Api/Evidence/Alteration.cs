using System.Text;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Api.Evidence;

namespace ProbeNet.Collector.Tests.Api.Evidence;

/// <summary>One way to falsify a bundle.</summary>
/// <param name="Says">What the check must say of it: its own words, or their beginning.</param>
/// <param name="Deep">It is found by more than the list of contents: also where the collector itself signs the altered list.</param>
sealed record Alteration(string Name, string Says, bool Deep, Action<AlteredBundle> Do);

/// <summary>The files of a bundle while somebody works on them.</summary>
/// <param name="files">Those of the bundle.</param>
/// <param name="sibling">Of another measurement of its batch.</param>
/// <param name="stranger">Of a measurement of another key.</param>
sealed class AlteredBundle(Dictionary<string, byte[]> files, Dictionary<string, byte[]> sibling, Dictionary<string, byte[]> stranger)
{
    public Dictionary<string, byte[]> Files { get; } = new(files, StringComparer.Ordinal);

    public Dictionary<string, byte[]> Sibling => sibling;

    public Dictionary<string, byte[]> Stranger => stranger;

    public string First(string folder) => Files.Keys.Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();

    /// <summary>One bit, counted from the end.</summary>
    public void Flip(string file, int fromEnd)
    {
        byte[] bytes = [.. Files[file]];
        bytes[^fromEnd] ^= 1;
        Files[file] = bytes;
    }

    public void Replace(string file, string from, string to)
    {
        // Latin-1 keeps every byte as it is.
        var text = Encoding.Latin1.GetString(Files[file]);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Xunit.Assert.True(at >= 0, $"{file} has no {from}");
        Files[file] = Encoding.Latin1.GetBytes(text[..at] + to + text[(at + from.Length)..]);
    }

    /// <summary>Half of it, and then a byte that neither protobuf nor JSON nor hexadecimal has there.</summary>
    public void Cut(string file) => Files[file] = [.. Files[file].Take(Files[file].Length / 2), 0xff];

    public void Edit(string file, Action<JsonNode> edit)
    {
        var node = JsonNode.Parse(Files[file])!;
        edit(node);
        Files[file] = BundleJson.Write(node);
    }

    public void Index(Action<JsonNode> edit) => Edit(BundleFile.Index, edit);

    public JsonNode StrangersIndex => JsonNode.Parse(stranger[BundleFile.Index])!;

    public JsonNode SiblingsIndex => JsonNode.Parse(sibling[BundleFile.Index])!;
}
