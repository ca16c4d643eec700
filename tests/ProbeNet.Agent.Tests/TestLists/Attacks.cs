using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Tests.TestLists;

/// <summary>
/// Modelled on the cases of https://github.com/theupdateframework/tuf-conformance: rollback, freeze, mix-and-match, endless data,
/// wrong thresholds, wrong keys, rotation, fast-forward.
/// </summary>
static partial class Attacks
{
    public static IEnumerable<Attack> All => [.. OnRoots, .. OnReleases, .. OnAssignments, .. OnLists, .. OnStops];

    static IEnumerable<Attack> OnRoots =>
    [
        new("root signed by nobody", TestListRefusals.RootBadSignature, world => WithRoot(world, Unsigned)),
        new("root signed by strangers", TestListRefusals.RootBadSignature, world => WithRoot(world, root => Signed(root, TrustWorld.Key(), TrustWorld.Key()))),
        new("root below the threshold", TestListRefusals.RootBadSignature, world => WithRoot(world, root => Signed(root, world.RootKeys[0]))),
        new("root with one key's signature twice", TestListRefusals.RootBadSignature, world => WithRoot(world, root =>
        {
            var endorsed = Signed(root, world.RootKeys[0]);
            endorsed.Signatures.Add(endorsed.Signatures[0].Clone());
            return endorsed;
        })),
        new("root that lists one key twice and asks for two", TestListRefusals.RootMalformed, world => WithRoot(world, root =>
        {
            root.Root_ = TrustWorld.Role(2, world.RootKeys[0], world.RootKeys[0]);
            return Signed(root, [.. world.RootKeys]);
        })),
        new("root signed by the new keys alone", TestListRefusals.RootBadSignature, world => WithRoot(world, root =>
        {
            var (one, other) = (TrustWorld.Key(), TrustWorld.Key());
            root.Root_ = TrustWorld.Role(2, one, other);
            return Signed(root, one, other);
        })),
        new("root signed by the former keys alone", TestListRefusals.RootBadSignature, world => WithRoot(world, root =>
        {
            root.Root_ = TrustWorld.Role(2, TrustWorld.Key(), TrustWorld.Key());
            return Signed(root, [.. world.RootKeys]);
        })),
        new("root that lowers its threshold by itself", TestListRefusals.RootBadSignature, world => WithRoot(world, root =>
        {
            root.Root_ = TrustWorld.Role(1, world.RootKeys[0]);
            return Signed(root, world.RootKeys[0]);
        })),
        new("root two versions on", TestListRefusals.RootNotNext, world => WithRoot(world, root => Signed(Changed(root, one => one.Version++), [.. world.RootKeys]))),
        new("root of the same version", TestListRefusals.RootNotNext, world => WithRoot(world, root => Signed(Changed(root, one => one.Version--), [.. world.RootKeys]))),
        new("root of version 0", TestListRefusals.RootMalformed, world => WithRoot(world, root => Signed(Changed(root, one => one.Version = 0), [.. world.RootKeys]))),
        new("root fast-forward to the last number", TestListRefusals.RootNotNext, world => WithRoot(world, root => Signed(Changed(root, one => one.Version = ulong.MaxValue), [.. world.RootKeys]))),
        new("root rollback to the first", TestListRefusals.RootNotNext, world => WithRoot(world, _ => world.Roots[0])),
        new("root that has expired", TestListRefusals.RootExpired,
            world => WithRoot(world, root => Signed(Changed(root, one => one.ExpiresDay = world.Today), [.. world.RootKeys]), published: true), RenewRoot),
        new("root whose role can never be met", TestListRefusals.RootMalformed, world => WithRoot(world, root => Signed(Changed(root, one => one.Root_.Threshold = 4), [.. world.RootKeys]))),
        new("root whose threshold is nought", TestListRefusals.RootMalformed, world => WithRoot(world, root => Signed(Changed(root, one => one.Root_.Threshold = 0), [.. world.RootKeys]))),
        new("root without releases keys", TestListRefusals.RootMalformed, world => WithRoot(world, root => Signed(Changed(root, one => one.Releases = null), [.. world.RootKeys]))),
        new("root whose releases role can never be met", TestListRefusals.RootMalformed, world => WithRoot(world, root => Signed(Changed(root, one => one.Releases.Threshold = 9), [.. world.RootKeys]))),
        new("root without an online key", TestListRefusals.RootMalformed, world => WithRoot(world, root => Signed(Changed(root, one => one.Online = new() { Threshold = 1 }), [.. world.RootKeys]))),
        new("root signed in another context", TestListRefusals.RootBadSignature, world => WithRoot(world, root => Endorsements.Endorse(SigningContext.Releases, root, world.RootKeys))),
        new("root with a bit changed", TestListRefusals.RootBadSignature, world => WithRoot(world, root =>
        {
            var endorsed = Signed(root, [.. world.RootKeys]);
            endorsed.Statement = Changed(root, one => one.ExpiresDay++).ToByteString();
            return endorsed;
        })),
        new("root that is noise", TestListRefusals.RootMalformed, world => WithRoot(world, _ => new() { Statement = Noise(200) })),
        new("root of endless data", TestListRefusals.OfferTooLarge, world => WithRoot(world, _ => new() { Statement = Noise(1 << 20) })),
        new("root with endless signatures", TestListRefusals.OfferTooLarge, world => WithRoot(world, root => Crowded(Signed(root, [.. world.RootKeys])))),
        new("endless roots", TestListRefusals.OfferTooLarge, world =>
        {
            var offer = world.Release();
            offer.Roots.AddRange(Enumerable.Repeat(world.Roots[0], 257));
            return offer;
        }),
        new("a good root, then a forged one", TestListRefusals.RootBadSignature, world =>
        {
            world.PublishRoot();
            var offer = world.Release();
            offer.Roots.Add(Signed(world.NextRoot(), TrustWorld.Key()));
            return offer;
        }),
        new("the releases key acts as root", TestListRefusals.RootBadSignature, world => WithRoot(world, root => Signed(root, [.. world.ReleaseKeys]))),
        new("the online key acts as root", TestListRefusals.RootBadSignature, world => WithRoot(world, root => Signed(root, world.Online))),
    ];

    static ListOffer WithRoot(TrustWorld world, Func<Root, Endorsed> make, bool published = false)
    {
        var endorsed = make(world.NextRoot());
        if (published)
            world.Roots.Add(endorsed);
        var offer = world.Release();
        if (!published)
            offer.Roots.Add(endorsed);
        return offer;
    }

    static void RenewRoot(TrustWorld world) => world.PublishRoot();

    static Root Changed(Root root, Action<Root> change)
    {
        var other = root.Clone();
        change(other);
        return other;
    }

    static Endorsed Signed(Root root, params IEnumerable<SigningKey> keys) => Endorsements.Endorse(SigningContext.Root, root, keys);

    static Endorsed Unsigned(IMessage statement) => new() { Statement = statement.ToByteString() };

    static Endorsed Crowded(Endorsed endorsed)
    {
        endorsed.Signatures.AddRange(Enumerable.Repeat(endorsed.Signatures[0], Endorsements.MostSignatures));
        return endorsed;
    }

    static ByteString Noise(int length) => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(length));
}
