using Google.Protobuf;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Identity;

/// <summary>The key of one network. What is measured there is sealed with it, whatever path it later takes.</summary>
sealed class NetworkKey
{
    readonly Signed? _certificate;

    internal NetworkKey(StoredKey stored)
    {
        Number = stored.Number;
        Signing = SigningKey.Import(stored.Seed.Span);
        CreatedDay = stored.CreatedDay;
        _certificate = stored.Certificate;
        Certified = stored.Certificate is null ? null : KeyCertificate.Parser.ParseFrom(stored.Certificate.Statement);
    }

    /// <summary>Names the key on this machine, and tells nobody else anything.</summary>
    public ulong Number { get; }

    public SigningKey Signing { get; }

    public ByteString PublicKey => Signing.PublicKey.Bytes;

    /// <summary>Days since 1970-01-01.</summary>
    public uint CreatedDay { get; }

    /// <summary>
    /// The first day on which nothing more is measured under this key: its certificate counts for one epoch, and lasts
    /// beyond it only so that what waits can be delivered.
    /// </summary>
    public uint ExpiresDay => Math.Min(CreatedDay + Day.PerEpoch, Certified is null ? uint.MaxValue : (Certified.Epoch + 1) * Day.PerEpoch);

    /// <summary>What the collector made of the key; null before it did.</summary>
    public KeyCertificate? Certified { get; }

    /// <summary>As it is shown to the collector.</summary>
    /// <exception cref="InvalidOperationException">The key has no certificate yet.</exception>
    public Signed Certificate => _certificate ?? throw new InvalidOperationException("The key has no certificate.");
}
