using System.Buffers.Binary;
using ProbeNet.Lab.Middlebox;

namespace ProbeNet.Lab.Recognition;

/// <summary>Files in the format of pcap(3): microseconds, Ethernet, this machine's byte order.</summary>
static class CaptureFile
{
    public const string Extension = ".pcap";

    const uint Magic = 0xa1b2c3d4;
    const int FileHeader = 24, RecordHeader = 16, EthernetHeader = 14, EthernetLink = 1, LargestFrame = 65_536;

    public static FileStream Create(string path)
    {
        var file = File.Create(path);
        Span<byte> header = stackalloc byte[FileHeader];
        header.Clear();
        BitConverter.TryWriteBytes(header, Magic);
        BitConverter.TryWriteBytes(header[4..], (ushort)2);
        BitConverter.TryWriteBytes(header[6..], (ushort)4);
        BitConverter.TryWriteBytes(header[16..], LargestFrame);
        BitConverter.TryWriteBytes(header[20..], EthernetLink);
        file.Write(header);
        return file;
    }

    public static void Append(Stream file, DateTimeOffset time, ReadOnlySpan<byte> frame)
    {
        Span<byte> header = stackalloc byte[RecordHeader];
        BitConverter.TryWriteBytes(header, (uint)time.ToUnixTimeSeconds());
        BitConverter.TryWriteBytes(header[4..], (uint)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        BitConverter.TryWriteBytes(header[8..], frame.Length);
        BitConverter.TryWriteBytes(header[12..], frame.Length);
        file.Write(header);
        file.Write(frame);
    }

    /// <summary>The TCP and UDP packets of a file, with seconds since its first frame.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or one of another byte order, grain or link.</exception>
    public static IEnumerable<(double At, IpPacket Packet)> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < FileHeader || BitConverter.ToUInt32(bytes) != Magic || BitConverter.ToInt32(bytes, 20) != EthernetLink)
            throw new InvalidDataException($"{path} is no capture of Ethernet frames with microseconds");
        double? first = null;
        for (var at = FileHeader; at + RecordHeader <= bytes.Length;)
        {
            var time = BitConverter.ToUInt32(bytes, at) + BitConverter.ToUInt32(bytes, at + 4) / 1e6;
            first ??= time;
            var length = BitConverter.ToInt32(bytes, at + 8);
            at += RecordHeader;
            // The last record of a capture that was cut.
            if (length < 0 || length > bytes.Length - at)
                yield break;
            if (Carried(bytes.AsMemory(at, length)) is { } packet)
                yield return (time - first.Value, packet);
            at += length;
        }
    }

    static IpPacket? Carried(ReadOnlyMemory<byte> frame) =>
        frame.Length > EthernetHeader && BinaryPrimitives.ReadUInt16BigEndian(frame.Span[12..]) is 0x0800 or 0x86dd ? IpPacket.Read(frame[EthernetHeader..]) : null;
}
