using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using MaxMind.Db;

namespace ProbeNet.Collector.Observations;

/// <summary>The formats of contract 1: ip2asn's TSV (https://iptoasn.com), plain or gzip, and MMDB.</summary>
static class AsnTableReader
{
    // "https://maxmind.github.io/MaxMind-DB/": the metadata starts with this marker, within the last 128 KiB.
    static readonly byte[] MmdbMarker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    public static AsnTable Read(Stream stream)
    {
        var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return Read(new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress));
        content.Position = 0;
        return bytes.Span.LastIndexOf(MmdbMarker) >= 0 ? ReadMmdb(content) : ReadTsv(content);
    }

    internal static UInt128 Number(IPAddress address, out bool v6)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        v6 = written == 16;
        return written == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    static AsnTable ReadTsv(Stream content)
    {
        var networks = new Networks();
        var ranges = new List<(UInt128, UInt128, bool, int)>();
        using var reader = new StreamReader(content);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var fields = line.Split('\t');
            if (fields.Length < 3 || !IPAddress.TryParse(fields[0], out var start) || !IPAddress.TryParse(fields[1], out var end)
                || !uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var asn))
            {
                throw Malformed(number);
            }
            var first = Number(start, out var v6);
            var last = Number(end, out var endV6);
            if (last < first || v6 != endV6)
                throw Malformed(number);
            // ip2asn lists what nobody announces as AS 0, country None.
            if (asn == 0)
                continue;
            var cc = fields.ElementAtOrDefault(3) ?? "";
            var network = networks.IndexOf(asn, cc is { Length: 2 } ? cc : "", fields.ElementAtOrDefault(4) ?? "");
            ranges.Add((first, last, v6, network));
        }
        return new(ranges, networks.ToArray());
    }

    static InvalidDataException Malformed(int line) =>
        new($"line {line}: expected range_start, range_end, asn, cc, name, separated by tabs");

    static AsnTable ReadMmdb(Stream content)
    {
        var networks = new Networks();
        var ranges = new List<(UInt128, UInt128, bool, int)>();
        try
        {
            using var reader = new Reader(content);
            foreach (var node in reader.FindAll<Dictionary<string, object>>())
            {
                var asn = Asn(node.Data);
                if (asn == 0)
                    continue;
                var start = node.Start;
                var bits = node.PrefixLength;
                if (start.IsIPv4MappedToIPv6)
                    (start, bits) = (start.MapToIPv4(), bits > 32 ? bits - 96 : bits);
                var first = Number(start, out var v6);
                var hosts = (v6 ? 128 : 32) - bits;
                var last = hosts >= 128 ? UInt128.MaxValue : first | ((UInt128.One << hosts) - 1);
                ranges.Add((first, last, v6, networks.IndexOf(asn, Cc(node.Data), Text(node.Data, "autonomous_system_organization", "name", "as_name"))));
            }
        }
        catch (Exception e) when (e is InvalidDatabaseException or DeserializationException)
        {
            throw new InvalidDataException("not a readable MMDB database: " + e.Message, e);
        }
        return new(ranges, networks.ToArray());
    }

    // MaxMind writes a number, other publishers "AS123".
    static uint Asn(Dictionary<string, object> data)
    {
        var value = data.GetValueOrDefault("autonomous_system_number") ?? data.GetValueOrDefault("asn");
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return uint.TryParse(text.StartsWith("AS", StringComparison.Ordinal) ? text[2..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var asn)
            ? asn
            : 0;
    }

    static string Cc(Dictionary<string, object> data) =>
        Text(data, "country_code", "country") is { Length: 2 } cc ? cc : "";

    static string Text(Dictionary<string, object> data, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (data.GetValueOrDefault(name) is string text)
                return text;
        }
        return "";
    }

    // Half a million ranges share a tenth as many networks.
    sealed class Networks
    {
        readonly Dictionary<AsnNetwork, int> _indices = [];

        public int IndexOf(uint asn, string cc, string name)
        {
            var network = new AsnNetwork(asn, cc.ToUpperInvariant(), name);
            if (!_indices.TryGetValue(network, out var index))
                _indices[network] = index = _indices.Count;
            return index;
        }

        public AsnNetwork[] ToArray() => [.. _indices.OrderBy(item => item.Value).Select(item => item.Key)];
    }
}
