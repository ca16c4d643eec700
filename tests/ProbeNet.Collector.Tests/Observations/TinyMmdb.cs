using System.Net;
using System.Text;

namespace ProbeNet.Collector.Tests.Observations;

/// <summary>
/// Writes an MMDB database of one IPv4 prefix (https://maxmind.github.io/MaxMind-DB/, version 2.0, 24-bit records).
/// </summary>
static class TinyMmdb
{
    public static byte[] Build(IPAddress prefix, int bits, uint asn, string name)
    {
        var bytes = new List<byte>();
        var address = prefix.GetAddressBytes();
        for (var node = 0; node < bits; node++)
        {
            var bit = (address[node / 8] >> (7 - (node % 8))) & 1;
            // A record that equals the node count says "nothing"; beyond it, the distance into the data section plus 16.
            var next = node == bits - 1 ? bits + 16 : node + 1;
            Record(bytes, bit == 0 ? next : bits);
            Record(bytes, bit == 0 ? bits : next);
        }
        bytes.AddRange(new byte[16]);
        Map(bytes, ("autonomous_system_number", asn), ("autonomous_system_organization", name));
        bytes.AddRange([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        Map(bytes, ("node_count", (uint)bits), ("record_size", (ushort)24), ("ip_version", (ushort)4), ("database_type", "ASN"),
            ("binary_format_major_version", (ushort)2), ("binary_format_minor_version", (ushort)0));
        return [.. bytes];
    }

    static void Record(List<byte> bytes, int value) => bytes.AddRange([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    static void Map(List<byte> bytes, params (string Key, object Value)[] items)
    {
        bytes.Add((byte)(0xE0 | items.Length));
        foreach (var (key, value) in items)
        {
            Text(bytes, key);
            if (value is string text)
                Text(bytes, text);
            else if (value is ushort number)
                bytes.AddRange([0xA2, (byte)(number >> 8), (byte)number]);
            else
                bytes.AddRange([0xC4, .. BitConverter.GetBytes((uint)value).Reverse()]);
        }
    }

    static void Text(List<byte> bytes, string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        bytes.AddRange(encoded.Length < 29 ? [(byte)(0x40 | encoded.Length)] : [0x5D, (byte)(encoded.Length - 29)]);
        bytes.AddRange(encoded);
    }
}
