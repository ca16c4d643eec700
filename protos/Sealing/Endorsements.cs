using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>Statements that several keys answer for.</summary>
public static class Endorsements
{
    /// <summary>Signatures beyond these are not looked at.</summary>
    public const int MostSignatures = 64;

    /// <summary>Serialises the statement once; every key signs those bytes.</summary>
    public static Endorsed Endorse(SigningContext context, IMessage statement, params IEnumerable<SigningKey> keys)
    {
        var endorsed = new Endorsed { Statement = statement.ToByteString() };
        foreach (var key in keys)
            endorsed.Add(context, key);
        return endorsed;
    }

    /// <summary>Adds a signature; that of a key which has signed already takes its place.</summary>
    public static void Add(this Endorsed endorsed, SigningContext context, SigningKey key)
    {
        foreach (var former in endorsed.Signatures.Where(signature => signature.PublicKey == key.PublicKey.Bytes).ToList())
            endorsed.Signatures.Remove(former);
        endorsed.Signatures.Add(new ListSignature
        {
            PublicKey = key.PublicKey.Bytes,
            Signature = ByteString.CopyFrom(key.Sign(context, endorsed.Statement.Span)),
        });
    }

    /// <summary>True when enough different keys of the role have signed. Does not throw on hostile input.</summary>
    public static bool IsMetBy(this KeyRole? role, SigningContext context, Endorsed? endorsed) =>
        role is { Threshold: > 0 } && endorsed is not null && role.SignersOf(context, endorsed).Count() >= role.Threshold;

    /// <summary>Keys of the role that have signed, each once.</summary>
    public static IEnumerable<ByteString> SignersOf(this KeyRole role, SigningContext context, Endorsed endorsed) =>
        endorsed.Signatures.Take(MostSignatures)
            .Where(signature => role.PublicKeys.Contains(signature.PublicKey)
                && VerificationKey.TryImport(signature.PublicKey.Span, out var key)
                && key.Verify(context, endorsed.Statement.Span, signature.Signature.Span))
            .Select(signature => signature.PublicKey)
            .Distinct();

    /// <summary>True when the role can be met at all.</summary>
    public static bool IsSound(this KeyRole? role) => role is { Threshold: > 0 } && role.Threshold <= role.PublicKeys.Distinct().Count() && role.PublicKeys.Count <= MostSignatures;
}
