using System.Net;
using System.Security.Cryptography;

namespace ProbeNet.Collector.Fleet.Enrolment;

/// <summary>
/// Two enrolments from one line within a day count as one group. Lines are known only in memory, only as hashes under a
/// key that dies with the process.
/// </summary>
sealed class Lines(TimeProvider time)
{
    static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    readonly Dictionary<UInt128, (DateTimeOffset Since, string Group, byte[] GroupOf)> _lines = [];
    readonly Lock _lock = new();

    /// <summary>Gives a fresh credential the group of the line's first enrolment, where there was one.</summary>
    /// <param name="address">Null or loopback: no line is known, nothing is joined.</param>
    public void Join(Credential credential, IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address))
            return;
        var line = Line(address);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var old in _lines.Where(entry => now - entry.Value.Since >= Remembered).Select(entry => entry.Key).ToList())
                _lines.Remove(old);
            if (_lines.TryGetValue(line, out var first))
            {
                credential.Group = first.Group;
                credential.GroupOf = Google.Protobuf.ByteString.CopyFrom(first.GroupOf);
            }
            else
            {
                _lines[line] = (now, credential.Group, credential.Redemption.ToByteArray());
            }
        }
    }

    // IPv4: the address. IPv6: a household gets a /56 or more (RFC 6177).
    UInt128 Line(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var hash = HMACSHA256.HashData(_key, bytes.AsSpan(0, bytes.Length == 4 ? 4 : 7));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
