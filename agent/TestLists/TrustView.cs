using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <summary>What vouches for the list in force, for the owner's eyes.</summary>
/// <param name="RootVersion">0 where the invite's keys alone are known.</param>
/// <param name="ReleasesVersion">0 where none was taken.</param>
/// <param name="ReleasesExpire">Days since 1970-01-01; 0 where none was taken.</param>
/// <param name="TakenDay">When the list in force was taken; 0 where that was not kept.</param>
sealed record TrustView(ulong RootVersion, ulong ReleasesVersion, uint ReleasesExpire, uint TakenDay)
{
    public static TrustView Of(KeptList kept)
    {
        var releases = kept.Releases is null ? new() : Releases.Parser.ParseFrom(kept.Releases.Statement);
        return new(kept.Root is null ? 0 : Root.Parser.ParseFrom(kept.Root.Statement).Version, releases.Version, releases.ExpiresDay, kept.TakenDay);
    }
}
