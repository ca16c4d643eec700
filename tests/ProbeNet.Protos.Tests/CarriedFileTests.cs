using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.Protos.Tests;

public sealed class CarriedFileTests
{
    [Fact]
    public void What_was_written_is_read_and_a_cut_is_seen()
    {
        using var file = new MemoryStream();
        CarriedFile.WriteHead(file);
        for (byte i = 0; i < 3; i++)
            CarriedFile.Write(file, new() { Envelope = new() { Ciphertext = ByteString.CopyFrom(new byte[300]), Recipient = ByteString.CopyFrom(i) } });
        Assert.Equal((3, true), Read(file.ToArray()));
        Assert.Equal((2, false), Read(file.ToArray()[..^1]));
        Assert.Equal((0, true), Read(file.ToArray()[..CarriedFile.Magic.Length]));
        Assert.False(CarriedFile.TryReadHead(new MemoryStream("{\"probe_cc\":"u8.ToArray())));
        Assert.False(CarriedFile.TryReadHead(new MemoryStream()));
    }

    static (int Count, bool IsWhole) Read(byte[] bytes)
    {
        using var input = new MemoryStream(bytes);
        Assert.True(CarriedFile.TryReadHead(input));
        var count = 0;
        bool isWhole;
        while (CarriedFile.TryRead(input, out var batch, out isWhole))
        {
            Assert.Equal(count, batch.Envelope.Recipient[0]);
            count++;
        }
        return (count, isWhole);
    }
}
