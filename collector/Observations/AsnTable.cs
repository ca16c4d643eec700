using System.Collections.Frozen;
using System.Net;

namespace ProbeNet.Collector.Observations;

/// <summary>The network that announces an address.</summary>
/// <param name="Cc">ISO 3166-1 alpha-2, upper case; empty where the table names no country.</param>
/// <param name="Name">Empty where the table has none.</param>
readonly record struct AsnNetwork(uint Asn, string Cc, string Name);

/// <param name="First">4 or 16 bytes, network order.</param>
/// <param name="Last">As long as the first; inside the range.</param>
readonly record struct AsnRange(byte[] First, byte[] Last, AsnNetwork Network);

/// <summary>Which AS announces an address. A miss is an answer: the address counts for no network.</summary>
sealed class AsnTable
{
    readonly RangeMap _v4;
    readonly RangeMap _v6;
    readonly AsnNetwork[] _networks;
    readonly FrozenDictionary<uint, string> _names;

    /// <param name="ranges">In any order; they do not overlap.</param>
    internal AsnTable(IEnumerable<(UInt128 First, UInt128 Last, bool V6, int Network)> ranges, AsnNetwork[] networks)
    {
        _networks = networks;
        _names = networks.Where(network => network.Name.Length > 0).DistinctBy(network => network.Asn)
            .ToFrozenDictionary(network => network.Asn, network => network.Name);
        var byFamily = ranges.ToLookup(range => range.V6, range => (range.First, range.Last, range.Network));
        _v4 = new(byFamily[false]);
        _v6 = new(byFamily[true]);
    }

    public static AsnTable Empty { get; } = new([], []);

    /// <summary>Ranges of both families.</summary>
    public int Count => _v4.Count + _v6.Count;

    /// <summary>Reads ip2asn's TSV, plain or gzip, or an MMDB database; its first bytes tell which.</summary>
    /// <exception cref="InvalidDataException">The bytes are none of these; the message names the line where there is one.</exception>
    public static AsnTable Read(Stream stream) => AsnTableReader.Read(stream);

    public bool TryFind(IPAddress address, out AsnNetwork network)
    {
        var number = AsnTableReader.Number(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, out var v6);
        var found = (v6 ? _v6 : _v4).Find(number);
        network = found < 0 ? default : _networks[found];
        return found >= 0;
    }

    /// <returns>Null where the table does not know the AS or its name.</returns>
    public string? NameOf(uint asn) => _names.GetValueOrDefault(asn);

    /// <summary>Every range of a country, for the prefix table of a test list.</summary>
    public IEnumerable<AsnRange> RangesOf(string cc) =>
        _v4.Ranges.Select(range => (range, Size: 4)).Concat(_v6.Ranges.Select(range => (range, Size: 16)))
            .Where(item => string.Equals(_networks[item.range.Network].Cc, cc, StringComparison.OrdinalIgnoreCase))
            .Select(item => new AsnRange(Bytes(item.range.First, item.Size), Bytes(item.range.Last, item.Size), _networks[item.range.Network]));

    static byte[] Bytes(UInt128 value, int size)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes[(16 - size)..].ToArray();
    }

    sealed class RangeMap
    {
        readonly UInt128[] _first;
        readonly UInt128[] _last;
        readonly int[] _network;

        public RangeMap(IEnumerable<(UInt128 First, UInt128 Last, int Network)> ranges)
        {
            var sorted = ranges.OrderBy(range => range.First).ToArray();
            _first = [.. sorted.Select(range => range.First)];
            _last = [.. sorted.Select(range => range.Last)];
            _network = [.. sorted.Select(range => range.Network)];
        }

        public int Count => _first.Length;

        public IEnumerable<(UInt128 First, UInt128 Last, int Network)> Ranges => _first.Select((first, i) => (first, _last[i], _network[i]));

        public int Find(UInt128 address)
        {
            var index = Array.BinarySearch(_first, address);
            if (index < 0)
                index = ~index - 1;
            return index >= 0 && address <= _last[index] ? _network[index] : -1;
        }
    }
}
