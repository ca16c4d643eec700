using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <summary>Whose an address is, as the signed list says.</summary>
/// <param name="Asn">0 when unknown.</param>
/// <param name="Cc">Empty when unknown.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct Origin(uint Asn, string Cc)
{
    public static readonly Origin Unknown = new(0, "");
}

/// <summary>Ranges of addresses in order of their first; where ranges lie within others, the innermost tells.</summary>
sealed class PrefixTable
{
    readonly Range[] _ipv4;
    readonly Range[] _ipv6;

    public PrefixTable(IEnumerable<Prefix> prefixes)
    {
        var whole = prefixes.Where(p => p.First.Length == p.Last.Length).ToArray();
        _ipv4 = Sort(whole.Where(p => p.First.Length == 4));
        _ipv6 = Sort(whole.Where(p => p.First.Length == 16));
    }

    public Origin Find(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var ranges = plain.AddressFamily == AddressFamily.InterNetwork ? _ipv4 : _ipv6;
        var wanted = Value(plain.GetAddressBytes());
        var (low, high) = (0, ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].First <= wanted)
                low = middle + 1;
            else
                high = middle;
        }
        for (var i = low - 1; i >= 0 && ranges[i].Reach >= wanted; i--)
        {
            if (ranges[i].Last >= wanted)
                return ranges[i].Origin;
        }
        return Origin.Unknown;
    }

    static Range[] Sort(IEnumerable<Prefix> prefixes)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var ranges = prefixes
            .Select(p => new Range(Value(p.First.Span), Value(p.Last.Span), default, new(p.Asn, Once(names, p.Cc))))
            .OrderBy(r => r.First).ThenByDescending(r => r.Last)
            .ToArray();
        for (var i = 0; i < ranges.Length; i++)
            ranges[i] = ranges[i] with { Reach = i > 0 && ranges[i - 1].Reach > ranges[i].Last ? ranges[i - 1].Reach : ranges[i].Last };
        return ranges;
    }

    static string Once(Dictionary<string, string> names, string name) => names.TryAdd(name, name) ? name : names[name];

    static UInt128 Value(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);

    // Reach: the highest last address of this range and all before it.
    readonly record struct Range(UInt128 First, UInt128 Last, UInt128 Reach, Origin Origin);
}
