namespace ProbeNet.Protos.Sealing;

/// <summary>
/// What a signature is about. The context is signed before the statement, so that bytes signed for one purpose can
/// never be shown as signed for another.
/// </summary>
public enum SigningContext
{
    /// <summary><see cref="V1.SealHeader"/>, by an agent's key.</summary>
    Seal,

    /// <summary><see cref="V1.KeyCertificate"/>, by the collector's identity key.</summary>
    Certificate,

    /// <summary><see cref="V1.Proof"/>, by the collector's identity key.</summary>
    Proof,

    /// <summary>Both nonces of a session, agent's first, by an agent's key.</summary>
    Possession,

    /// <summary><see cref="V1.Receipt"/>, by the collector's identity key.</summary>
    Receipt,

    /// <summary><see cref="V1.Withdrawal"/>, by an agent's key.</summary>
    Withdrawal,

    /// <summary>The content of a <see cref="V1.SignedTestList"/>, by a list key.</summary>
    TestList,

    /// <summary><see cref="V1.Root"/>, by root keys.</summary>
    Root,

    /// <summary><see cref="V1.Releases"/>, by keys of the releases role.</summary>
    Releases,

    /// <summary><see cref="V1.Assignment"/>, by the collector's online key.</summary>
    Assignment,

    /// <summary><see cref="V1.Stop"/>, by the collector's online key or a key of the releases role.</summary>
    Stop,

    /// <summary>A bundle's list of contents, by the collector's identity key.</summary>
    Bundle,

    /// <summary>How far the log of batches has come, by the collector's identity key.</summary>
    LogHead,
}

static class SigningContextText
{
    internal static ReadOnlySpan<byte> Prefix(this SigningContext context) => context switch
    {
        SigningContext.Seal => "probenet/v1/seal\0"u8,
        SigningContext.Certificate => "probenet/v1/certificate\0"u8,
        SigningContext.Proof => "probenet/v1/proof\0"u8,
        SigningContext.Possession => "probenet/v1/possession\0"u8,
        SigningContext.Receipt => "probenet/v1/receipt\0"u8,
        SigningContext.Withdrawal => "probenet/v1/withdrawal\0"u8,
        SigningContext.TestList => "probenet/v1/test-list\0"u8,
        SigningContext.Root => "probenet/v1/root\0"u8,
        SigningContext.Releases => "probenet/v1/releases\0"u8,
        SigningContext.Assignment => "probenet/v1/assignment\0"u8,
        SigningContext.Stop => "probenet/v1/stop\0"u8,
        SigningContext.Bundle => "probenet/v1/bundle\0"u8,
        SigningContext.LogHead => "probenet/v1/log-head\0"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(context), context, null),
    };
}
