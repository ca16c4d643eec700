using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Trust;

/// <summary>What agents are to trust, as published: every root, what is valid, and who was told to stop.</summary>
/// <param name="Roots">In order, from version 1. Never empty.</param>
/// <param name="Endorsed">What is valid; null before the first release.</param>
/// <param name="Stop">Null where none was ever said.</param>
sealed record FleetTrust(IReadOnlyList<Endorsed> Roots, Endorsed? Endorsed, Endorsed? Stop)
{
    public Root Root { get; } = Root.Parser.ParseFrom(Roots[^1].Statement);

    public Releases Releases { get; } = Endorsed is null ? new() : Releases.Parser.ParseFrom(Endorsed.Statement);

    /// <summary>SHA-256 of the newest root's statement: what invites pin.</summary>
    public ByteString RootHash { get; } = ByteString.CopyFrom(SHA256.HashData(Roots[^1].Statement.Span));

    ByteString ReleasesHash { get; } = ByteString.CopyFrom(SHA256.HashData((Endorsed?.Statement ?? ByteString.Empty).Span));

    public ValidList? Valid(string list, ulong version) => Releases.Lists.FirstOrDefault(one => one.List == list && one.Version == version);

    /// <summary>What one agent gets, in one piece.</summary>
    /// <param name="online">The collector's own key; it can choose among what is valid, and nothing else.</param>
    /// <param name="rootVersion">Of the root that the agent trusts already.</param>
    /// <param name="release">Null: none.</param>
    /// <param name="withContent">False where the agent has it.</param>
    public ListOffer Offer(SigningKey online, ByteString nonce, ByteString publicKey, ulong rootVersion, ListRelease? release, bool withContent)
    {
        var assignment = new Assignment
        {
            Nonce = nonce,
            PublicKey = publicKey,
            RootVersion = Root.Version,
            ReleasesSha256 = ReleasesHash,
            List = release?.List ?? "",
            ListVersion = release?.Version ?? 0,
        };
        var offer = new ListOffer { Releases = Endorsed, Assignment = Endorsements.Endorse(SigningContext.Assignment, assignment, online), Stop = Stop };
        // Versions follow each other without a gap, from 1.
        offer.Roots.AddRange(Roots.Skip((int)Math.Min(rootVersion, (ulong)Roots.Count)));
        if (release is not null && withContent)
            offer.Content = release.Signed.Content;
        return offer;
    }
}
