using CsCheck;
using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.Protos.Tests;

public sealed class SealedTests
{
    [Fact]
    public void What_was_sealed_is_opened_by_its_addressee_alone()
    {
        using var collector = DecryptionKey.Create();
        using var other = DecryptionKey.Create();
        Gen.Byte.Array[0, 20_000].Sample(content =>
        {
            var envelope = Sealed.TrySeal(content, collector.PublicKey)!;
            var opened = Sealed.TryOpen(envelope, collector);
            Assert.NotNull(opened);
            Assert.Equal(content, Unpacked(opened));
            Assert.Null(Sealed.TryOpen(envelope, other));
        }, iter: 30);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(15_000, 16)]
    [InlineData(20_000, 64)]
    [InlineData(100_000, 256)]
    public void The_length_shows_only_the_padded_size(int random, int kibibytes)
    {
        using var collector = DecryptionKey.Create();
        var content = new byte[random];
        new Random(1).NextBytes(content);
        const int Tag = 16;
        Assert.Equal((kibibytes * 1024) + Tag, Sealed.TrySeal(content, collector.PublicKey)!.Ciphertext.Length);
    }

    [Fact]
    public void What_does_not_fit_is_not_sealed()
    {
        using var collector = DecryptionKey.Create();
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        Assert.Null(Sealed.TrySeal(content, collector.PublicKey));
    }

    [Fact]
    public void An_altered_envelope_does_not_open()
    {
        using var collector = DecryptionKey.Create();
        var envelope = Sealed.TrySeal("content"u8, collector.PublicKey)!;
        Gen.Int[0, envelope.Ciphertext.Length - 1].Sample(at =>
        {
            var bytes = envelope.Ciphertext.ToByteArray();
            bytes[at] ^= 1;
            Assert.Null(Sealed.TryOpen(new(envelope) { Ciphertext = ByteString.CopyFrom(bytes) }, collector));
        }, iter: 50);
        var key = envelope.EphemeralKey.ToByteArray();
        key[0] ^= 1;
        Assert.Null(Sealed.TryOpen(new(envelope) { EphemeralKey = ByteString.CopyFrom(key) }, collector));
        Assert.Null(Sealed.TryOpen(new() { Recipient = collector.Recipient }, collector));
    }

    [Fact]
    public void A_bomb_stops_at_the_limit() =>
        Assert.Null(Sealed.TryDecompress(Sealed.Compress(new byte[Sealed.MaximumContent + 1])));

    [Fact]
    public void Bytes_that_are_not_Brotli_are_refused() =>
        Gen.Byte.Array[1, 200].Sample(bytes =>
        {
            // Random bytes may decode to something short; they must never throw.
            Assert.True(Unpacked(bytes) is not { Length: > Sealed.MaximumContent });
        });

    static byte[]? Unpacked(byte[] compressed)
    {
        using var content = Sealed.TryDecompress(compressed);
        return content?.Memory.ToArray();
    }
}
