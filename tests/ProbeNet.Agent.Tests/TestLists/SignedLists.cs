using System.IO.Compression;
using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Tests.TestLists;

static class SignedLists
{
    public static SignedTestList Sign(this SigningKey key, TestList list) => key.Sign(list.ToByteArray());

    public static SignedTestList Sign(this SigningKey key, byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        var bytes = compressed.ToArray();
        return new()
        {
            Content = ByteString.CopyFrom(bytes),
            Signatures =
            {
                new ListSignature { PublicKey = key.PublicKey.Bytes, Signature = ByteString.CopyFrom(key.Sign(SigningContext.TestList, bytes)) },
            },
        };
    }
}
