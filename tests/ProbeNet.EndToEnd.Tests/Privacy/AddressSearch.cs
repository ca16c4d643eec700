using System.Net;

namespace ProbeNet.EndToEnd.Tests.Privacy;

/// <summary>An address found at rest.</summary>
sealed record Sighting(IPAddress Address, string Form, string Place, long Offset, bool IsShort);

/// <summary>Searches every byte under some folders for addresses that must not be there.</summary>
sealed class AddressSearch(IEnumerable<IPAddress> addresses)
{
    const int Window = 1 << 20;
    const int Overlap = 128;

    readonly (IPAddress Address, AddressForm Form)[] _needles =
        [.. addresses.SelectMany(address => AddressForms.Of(address).Select(form => (address, form)))];

    /// <summary>All sightings under the folders. A file that vanishes while it is read is passed over.</summary>
    internal IReadOnlyList<Sighting> In(params IEnumerable<string> folders)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
        return [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", options)).SelectMany(InFile)];
    }

    internal IEnumerable<Sighting> InBytes(byte[] bytes, string place) => Scan(bytes, bytes.Length, place, 0);

    /// <summary>
    /// The sightings that chance does not explain: every long form, and four raw bytes only when they were seen more than once,
    /// since a leak repeats with every session while chance does not.
    /// </summary>
    internal static IReadOnlyList<Sighting> BeyondChance(IReadOnlyCollection<Sighting> sightings)
    {
        var brief = sightings.Where(sighting => sighting.IsShort).ToArray();
        return [.. sightings.Where(sighting => !sighting.IsShort), .. brief.Length > 1 ? brief : []];
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
        foreach (var (address, form) in _needles)
        {
            for (var from = 0; from < length;)
            {
                var at = buffer.AsSpan(from, length - from).IndexOf(form.Bytes);
                if (at < 0)
                    break;
                found.Add(new(address, form.Name, place, offset + from + at, form.IsShort));
                from += at + 1;
            }
        }
        return found;
    }
}
