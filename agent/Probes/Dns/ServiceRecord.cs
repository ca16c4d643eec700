using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>The content of an HTTPS record (RFC 9460, 2.2).</summary>
static class ServiceRecord
{
    const ushort Alpn = 1, Ipv4Hint = 4, Ech = 5, Ipv6Hint = 6;
    const int MostParameters = 32;
    const int MostHints = 16;

    /// <summary>Does not throw, whatever the bytes are.</summary>
    /// <param name="message">The message up to the record's end.</param>
    /// <param name="at">Where the record's content begins.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, int at, [NotNullWhen(true)] out ServiceBinding? binding)
    {
        binding = null;
        if (message.Length < at + 2)
            return false;
        var read = new ServiceBinding { Priority = BinaryPrimitives.ReadUInt16BigEndian(message[at..]) };
        at += 2;
        if (!DnsMessage.TryName(message, ref at, out var target))
            return false;
        read.Target = target;
        for (var i = 0; i < MostParameters && at < message.Length; i++)
        {
            if (message.Length < at + 4)
                return false;
            var key = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            at += 4;
            if (message.Length < at + length)
                return false;
            Take(read, key, message.Slice(at, length));
            at += length;
        }
        binding = read;
        return true;
    }

    static void Take(ServiceBinding binding, ushort key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case Alpn:
                while (!value.IsEmpty && value.Length > value[0] && binding.Alpn.Count < MostHints)
                {
                    binding.Alpn.Add(Printable(value.Slice(1, value[0])));
                    value = value[(1 + value[0])..];
                }
                break;
            case Ech:
                binding.Ech = true;
                break;
            case Ipv4Hint or Ipv6Hint:
                var size = key == Ipv4Hint ? 4 : 16;
                for (; value.Length >= size && binding.Hints.Count < MostHints; value = value[size..])
                    binding.Hints.Add(ByteString.CopyFrom(value[..size]));
                break;
        }
    }

    static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var letter in bytes)
            text.Append(letter is > 0x20 and < 0x7F ? (char)letter : '?');
        return text.ToString();
    }
}
