using System.IO.Compression;
using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>A list as its bytes travel.</summary>
static class ListContent
{
    /// <summary>Packed and signed. Agents that know a root look at the releases statement instead of this signature.</summary>
    public static SignedTestList Sign(TestList list, SigningKey key)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            list.WriteTo(gzip);
        var content = ByteString.CopyFrom(packed.ToArray());
        var signature = new ListSignature
        {
            PublicKey = key.PublicKey.Bytes,
            Signature = ByteString.CopyFrom(key.Sign(SigningContext.TestList, content.Span)),
        };
        return new() { Content = content, Signatures = { signature } };
    }

    public static TestList Open(SignedTestList signed)
    {
        using var gzip = new GZipStream(new MemoryStream(signed.Content.ToByteArray()), CompressionMode.Decompress);
        return TestList.Parser.ParseFrom(gzip);
    }

    public static ValidList Declare(string list, ulong version, SignedTestList signed) => new()
    {
        List = list,
        Version = version,
        Sha256 = ByteString.CopyFrom(SHA256.HashData(signed.Content.Span)),
        Length = (uint)signed.Content.Length,
    };

    /// <summary>True when they differ in nothing but what a release adds.</summary>
    public static bool SameEntries(TestList one, TestList other)
    {
        return Bare(one).Equals(Bare(other));

        static TestList Bare(TestList list)
        {
            var bare = list.Clone();
            (bare.Version, bare.ReleasedDay, bare.ExpiresDay, bare.Target) = (0, 0, 0, null);
            return bare;
        }
    }
}
