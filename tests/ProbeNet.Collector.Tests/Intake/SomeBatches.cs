using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Tests.Intake;

static class SomeBatches
{
    public static Batch Next(this BatchSealer sealer, int count = 2) => sealer.Seal(
        [.. Enumerable.Range(0, count).Select(number => BatchSealer.Wrap(
            new Facts { Input = $"https://news.example/{sealer.Sequence}/{number}", TestName = "web" },
            new Circumstance { Time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60, TimeGrain = 60, List = "kh", Cc = "KH", Reason = Reason.Scheduled }))],
        []);

    /// <summary>One bit of the bytes is another.</summary>
    public static ByteString Altered(this ByteString bytes)
    {
        var altered = bytes.ToByteArray();
        altered[altered.Length / 2] ^= 1;
        return ByteString.CopyFrom(altered);
    }
}
