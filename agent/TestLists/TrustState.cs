using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <summary>
/// What an agent trusts, as a working copy: each step of a check moves it on, and what was moved stays even where a later step
/// refuses. So a new root is kept though the list beside it is forged.
/// </summary>
sealed class TrustState(KeptList kept)
{
    public KeptList Kept { get; } = kept.Clone();

    /// <summary>Null where the invite's keys alone are known.</summary>
    public Root? Root { get; private set; } = kept.Root is null ? null : Root.Parser.ParseFrom(kept.Root.Statement);

    public Releases? Releases { get; private set; } = kept.Releases is null ? null : Releases.Parser.ParseFrom(kept.Releases.Statement);

    public void Advance(Endorsed endorsed, Root root)
    {
        // Nothing vouches any more for what keys without a role said; else whoever stole one could leave versions behind that
        // nobody can ever exceed.
        if (Root is null || !root.Releases.IsMetBy(SigningContext.Releases, Kept.Releases))
        {
            (Kept.Releases, Releases) = (null, null);
            Kept.Versions.Clear();
        }
        (Kept.Root, Root) = (endorsed, root);
        if (Kept.Stop is not null && !MayStop(Kept.Stop))
            (Kept.Stop, Kept.StopUntil) = (null, 0);
    }

    public void Advance(Endorsed endorsed, Releases releases) => (Kept.Releases, Releases) = (endorsed, releases);

    /// <summary>Both roles may: a stop can only reduce what an agent does.</summary>
    public bool MayStop(Endorsed stop) =>
        Root is not null && (Root.Online.IsMetBy(SigningContext.Stop, stop) || Root.Releases.IsMetBy(SigningContext.Stop, stop));

    public ulong StopNumber => Kept.Stop is null ? 0 : Stop.Parser.ParseFrom(Kept.Stop.Statement).Number;

    public static bool TryParse<T>(MessageParser<T> parser, ByteString bytes, out T message)
        where T : IMessage<T>
    {
        message = default!;
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
