using System.IO.Compression;
using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <summary>What this agent holds against a list that is offered to it.</summary>
/// <param name="ListKeys">Public keys that the invite pinned.</param>
/// <param name="Versions">The highest version ever taken, by list.</param>
/// <param name="Today">Days since 1970-01-01.</param>
/// <param name="Cc">Of the network, as the key's certificate says; empty when unknown.</param>
/// <param name="Asn">0 when unknown.</param>
sealed record TestListTerms(
    IReadOnlyCollection<ByteString> ListKeys, IReadOnlyDictionary<string, ulong> Versions, uint Today, string Cc, uint Asn);

static class TestListVerifier
{
    /// <summary>Bytes of a list at most, decompressed.</summary>
    public const int MaximumSize = 16 * 1024 * 1024;

    /// <summary>Entries of a list at most: at one start a minute nobody gets through more in a week.</summary>
    public const int MostEntries = 10_000;

    /// <summary>Takes a list only if it is signed, newer, in force and meant for this agent. Does not throw on hostile input.</summary>
    /// <param name="list">What was offered, where it is signed and could be read.</param>
    /// <returns>Null when it may be taken; otherwise one of <see cref="TestListRefusals"/>.</returns>
    public static string? Check(SignedTestList signed, TestListTerms terms, out TestList? list)
    {
        list = null;
        if (!IsSigned(signed, terms.ListKeys))
            return TestListRefusals.BadSignature;
        var refusal = TryRead(signed, out list);
        if (list is null)
            return refusal;
        return list.Version <= terms.Versions.GetValueOrDefault(list.Name) ? TestListRefusals.NotNewer : Fits(list, terms);
    }

    /// <summary>Of a size that an agent can run, in force, and meant for this agent.</summary>
    /// <returns>Null when it is; otherwise one of <see cref="TestListRefusals"/>.</returns>
    public static string? Fits(TestList list, TestListTerms terms) =>
        list.Entries.Count > MostEntries ? TestListRefusals.TooLarge
        : list.ExpiresDay <= terms.Today ? TestListRefusals.Expired
        : IsMeantFor(list.Target ?? new(), terms) ? null
        : TestListRefusals.NotForThisAgent;

    /// <summary>Decompresses and parses; checks no signature.</summary>
    /// <returns>Null with a list; otherwise one of <see cref="TestListRefusals"/>.</returns>
    public static string? TryRead(SignedTestList signed, out TestList? list)
    {
        list = null;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(signed.Content.ToByteArray()), CompressionMode.Decompress);
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = gzip.Read(buffer)) > 0;)
            {
                if (content.Length + read > MaximumSize)
                    return TestListRefusals.TooLarge;
                content.Write(buffer, 0, read);
            }
            list = TestList.Parser.ParseFrom(content.GetBuffer(), 0, (int)content.Length);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or InvalidProtocolBufferException)
        {
            return TestListRefusals.Malformed;
        }
    }

    static bool IsSigned(SignedTestList signed, IReadOnlyCollection<ByteString> listKeys) =>
        signed.Signatures.Any(signature =>
            listKeys.Contains(signature.PublicKey)
            && VerificationKey.TryImport(signature.PublicKey.Span, out var key)
            && key.Verify(SigningContext.TestList, signed.Content.Span, signature.Signature.Span));

    static bool IsMeantFor(ListTarget target, TestListTerms terms) =>
        (target.Cc.Count == 0 || target.Cc.Contains(terms.Cc, StringComparer.OrdinalIgnoreCase))
        && (target.Asn.Count == 0 || target.Asn.Contains(terms.Asn));
}
