using Google.Protobuf;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Trust;

/// <summary>The next root: what it says, and whether enough keys have signed it. Pure.</summary>
static class RootDraft
{
    public const uint DaysInForce = 365;

    /// <summary>The first: one operator's root key and releases key, until more are named.</summary>
    public static Root First(ByteString rootKey, ByteString releasesKey, ByteString onlineKey, DateTimeOffset now) => new()
    {
        Version = 1,
        ExpiresDay = Day.Of(now) + DaysInForce,
        Root_ = RoleOf(1, rootKey),
        Releases = RoleOf(1, releasesKey),
        Online = RoleOf(1, onlineKey),
    };

    public static KeyRole RoleOf(uint threshold, params IEnumerable<ByteString> keys) => new() { Threshold = threshold, PublicKeys = { keys.Distinct() } };

    /// <param name="before">Null for the first.</param>
    /// <param name="listKeys">What agents without a root know: one of them has to sign the first.</param>
    /// <returns>Null when agents will take it; otherwise what is missing.</returns>
    public static string? Missing(Endorsed endorsed, Root? before, IReadOnlyCollection<ByteString> listKeys)
    {
        Root root;
        try
        {
            root = Root.Parser.ParseFrom(endorsed.Statement);
        }
        catch (InvalidProtocolBufferException)
        {
            return "This is no root.";
        }
        if (root.Version != (before?.Version ?? 0) + 1)
            return $"This is version {root.Version}; the next one is {(before?.Version ?? 0) + 1}.";
        foreach (var (name, role) in new[] { ("root", root.Root_), ("releases", root.Releases), ("online", root.Online) })
        {
            if (!role.IsSound())
                return $"The {name} role can never be met: {role?.Threshold ?? 0} of {role?.PublicKeys.Count ?? 0} keys.";
        }
        if (Lacking(root.Root_, endorsed) is { } own)
            return $"Its own root role asks for {own}.";
        if (before is not null && Lacking(before.Root_, endorsed) is { } former)
            return $"The root before it asks for {former}.";
        return before is null && listKeys.Count > 0 && !RoleOf(1, listKeys).IsMetBy(SigningContext.Root, endorsed)
            ? "The first root has to be signed by a key that invites named before: list.key of whoever released lists until now."
            : null;
    }

    static string? Lacking(KeyRole role, Endorsed endorsed) =>
        role.SignersOf(SigningContext.Root, endorsed).Count() is var have && have >= role.Threshold ? null : $"{role.Threshold} signatures and has {have}";
}
