using System.Buffers.Binary;
using System.Net;

namespace ProbeNet.EndToEnd.Tests.Privacy;

/// <summary>An address found at rest.</summary>
/// <param name="Around">The bytes before and after it, in hexadecimal.</param>
sealed record Sighting(IPAddress Address, string Form, string Place, long Offset, bool IsShort, string Around);

/// <summary>Searches every byte under some folders for addresses that must not be there.</summary>
sealed class AddressSearch
{
    const int Window = 1 << 20;
    const int Overlap = 128;
    const int Surroundings = 4;

    // Thousands of forms over gigabytes: most places are passed over by their first two bytes, the rest by their first four.
    readonly bool[] _beginnings = new bool[1 << 16];
    readonly ILookup<uint, (IPAddress Address, AddressForm Form)> _needles;
    readonly HashSet<IPAddress> _sought;
    readonly ILookup<IPAddress, IPAddress> _neighbours;

    internal AddressSearch(params IEnumerable<IPAddress> addresses)
    {
        _sought = [.. addresses];
        _neighbours = _sought.SelectMany(address => Neighbours(address).Where(one => !_sought.Contains(one)).Select(one => (address, one)))
            .ToLookup(pair => pair.address, pair => pair.one);
        _needles = _sought.SelectMany(address => AddressForms.Of(address).Select(form => (address, form)))
            .Concat(_neighbours.SelectMany(near => near).Distinct().SelectMany(address => AddressForms.Of(address).Where(form => form.IsShort).Select(form => (address, form))))
            .ToLookup(needle => BinaryPrimitives.ReadUInt32LittleEndian(needle.form.Bytes));
        foreach (var needle in _needles)
            _beginnings[(ushort)needle.Key] = true;
    }

    /// <summary>All sightings under the folders, short ones of neighbours included. A file that vanishes while it is read is passed over.</summary>
    internal IReadOnlyList<Sighting> In(params IEnumerable<string> folders)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
        return [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", options)).SelectMany(InFile)];
    }

    internal IEnumerable<Sighting> InBytes(byte[] bytes, string place) => Scan(bytes, bytes.Length, place, 0);

    /// <summary>
    /// The sightings that chance does not explain: every long form, and a short one only where a file has it in different surroundings,
    /// since a leak repeats with every session while chance does not, and more often than the address's neighbours together,
    /// since small numbers stand beside each other in every database. A copy of a row has the same surroundings.
    /// </summary>
    internal IReadOnlyList<Sighting> BeyondChance(IReadOnlyCollection<Sighting> sightings)
    {
        var surroundings = sightings.Where(sighting => sighting.IsShort).GroupBy(sighting => (sighting.Place, sighting.Address))
            .ToDictionary(group => group.Key, group => group.Select(sighting => sighting.Around).Distinct().Count());
        return
        [
            .. sightings.Where(sighting => !sighting.IsShort
                || (_sought.Contains(sighting.Address) && surroundings[(sighting.Place, sighting.Address)] > Math.Max(1, NeighboursIn(sighting.Place, sighting.Address)))),
        ];

        int NeighboursIn(string place, IPAddress address) => _neighbours[address].Sum(near => surroundings.GetValueOrDefault((place, near)));
    }

    // Nobody has them; their bytes are as likely as the address's own.
    static IEnumerable<IPAddress> Neighbours(IPAddress address)
    {
        if (address.GetAddressBytes() is not [var first, .. { Length: 3 } rest])
            yield break;
        for (var away = 1; away <= 4; away++)
        {
            yield return new([(byte)(first - away), .. rest]);
            yield return new([(byte)(first + away), .. rest]);
        }
    }

    List<Sighting> InFile(string file)
    {
        List<Sighting> found = [];
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[Window + Overlap];
            long offset = 0;
            var kept = 0;
            for (int read; (read = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false)) > 0;)
            {
                found.AddRange(Scan(buffer, kept + read, file, offset));
                var keep = Math.Min(Overlap, kept + read);
                buffer.AsSpan(kept + read - keep, keep).CopyTo(buffer);
                offset += kept + read - keep;
                kept = keep;
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return found;
        }
        return [.. found.DistinctBy(sighting => (sighting.Address, sighting.Form, sighting.Offset))];
    }

    List<Sighting> Scan(byte[] buffer, int length, string place, long offset)
    {
        List<Sighting> found = [];
        var bytes = buffer.AsSpan(0, length);
        for (var at = 0; at + 4 <= length; at++)
        {
            if (!_beginnings[BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])])
                continue;
            foreach (var (address, form) in _needles[BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..])])
            {
                if (bytes[at..].StartsWith(form.Bytes))
                    found.Add(new(address, form.Name, place, offset + at, form.IsShort, Around(bytes, at, form.Bytes.Length)));
            }
        }
        return found;
    }

    static string Around(ReadOnlySpan<byte> buffer, int at, int length) =>
        Convert.ToHexString(buffer[Math.Max(0, at - Surroundings)..at]) + "-" + Convert.ToHexString(buffer[(at + length)..Math.Min(buffer.Length, at + length + Surroundings)]);
}
