using System.Net;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>What a list needs beside its entries: from files of the operator, or as the program brings it.</summary>
static class ListDefaults
{
    public static IEnumerable<string> References(string? file) => Lines(file, "references.txt");

    /// <summary>Lines of a name and a URL as in Agent__Resolvers.</summary>
    /// <exception cref="InvalidDataException">A line is something else.</exception>
    public static IEnumerable<Resolver> Resolvers(string? file) => Lines(file, "resolvers.txt").Select(line =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var url]
            ? new Resolver { Name = name, Url = url }
            : throw new InvalidDataException($"{file}: '{line}' is not a name and a URL."));

    /// <summary>Addresses that run no resolver. Without a file none: the program knows none that stays true.</summary>
    /// <exception cref="InvalidDataException">A line is no address.</exception>
    public static IEnumerable<byte[]> NonResolvers(string? file) => file is null ? [] : Lines(file, "").Select(line =>
        IPAddress.TryParse(line, out var address) ? address.GetAddressBytes() : throw new InvalidDataException($"{file}: '{line}' is not an address."));

    /// <summary>Names that tell who asks. Without a file none: a fixed one would mark whoever asks for it.</summary>
    public static IEnumerable<string> WhoAmI(string? file) => file is null ? [] : Lines(file, "");

    public static IEnumerable<string> Words() => Lines(null, "words.txt");

    static IEnumerable<string> Lines(string? file, string resource)
    {
        using var reader = file is null
            ? new StreamReader(typeof(ListDefaults).Assembly.GetManifestResourceStream($"ProbeNet.Collector.Fleet.Lists.Defaults.{resource}")!)
            : new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && line[0] != '#')];
    }
}
