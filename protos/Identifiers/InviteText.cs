using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Identifiers;

/// <summary>An invite as people pass it on: base64url of the message and a four-byte tail of its hash that catches a lost character.</summary>
public static class InviteText
{
    const int TailSize = 4;

    public static string Write(Invite invite)
    {
        var bytes = invite.ToByteArray();
        return Base64Url.EncodeToString([.. bytes, .. Tail(bytes)]);
    }

    /// <summary>Spaces and line ends are ignored. Does not throw on hostile input.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Invite? invite)
    {
        invite = null;
        var compact = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (!Base64Url.IsValid(compact) || compact.Length > 4096)
            return false;
        var bytes = Base64Url.DecodeFromChars(compact);
        if (bytes.Length <= TailSize || !Tail(bytes.AsSpan(0, bytes.Length - TailSize)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - TailSize)))
            return false;
        try
        {
            invite = Invite.Parser.ParseFrom(bytes, 0, bytes.Length - TailSize);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
        return invite.Secret.Length > 0 && invite.IdentityKey.Length == 32 && invite.Addresses.Count is 1 or 2;
    }

    static byte[] Tail(ReadOnlySpan<byte> bytes) => System.Security.Cryptography.SHA256.HashData(bytes)[..TailSize];
}
