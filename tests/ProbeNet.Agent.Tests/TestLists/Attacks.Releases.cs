using Google.Protobuf;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Tests.TestLists;

static partial class Attacks
{
    static IEnumerable<Attack> OnReleases =>
    [
        new("releases missing", TestListRefusals.ReleasesBadSignature, world => With(world.Release(), offer => offer.Releases = null)),
        new("releases signed by nobody", TestListRefusals.ReleasesBadSignature, world => Releasing(world, Unsigned)),
        new("releases signed by a stranger", TestListRefusals.ReleasesBadSignature, world => Releasing(world, one => Endorsements.Endorse(SigningContext.Releases, one, TrustWorld.Key()))),
        new("releases invented by the online key", TestListRefusals.ReleasesBadSignature, world => Releasing(world, one => Endorsements.Endorse(SigningContext.Releases, one, world.Online))),
        new("releases signed by a root key", TestListRefusals.ReleasesBadSignature, world => Releasing(world, one => Endorsements.Endorse(SigningContext.Releases, one, world.RootKeys[0]))),
        new("releases signed in another context", TestListRefusals.ReleasesBadSignature, world => Releasing(world, one => Endorsements.Endorse(SigningContext.Root, one, world.ReleaseKeys))),
        new("releases below a threshold of two", TestListRefusals.ReleasesBadSignature, world =>
        {
            world.ReleaseThreshold = 2;
            world.PublishRoot();
            return Releasing(world, one => Endorsements.Endorse(SigningContext.Releases, one, world.ReleaseKeys[0]));
        }),
        new("releases with one of two keys twice", TestListRefusals.ReleasesBadSignature, world =>
        {
            world.ReleaseThreshold = 2;
            world.PublishRoot();
            return Releasing(world, one =>
            {
                var endorsed = Endorsements.Endorse(SigningContext.Releases, one, world.ReleaseKeys[0]);
                endorsed.Signatures.Add(endorsed.Signatures[0].Clone());
                return endorsed;
            });
        }),
        new("releases by a key that a new root revoked", TestListRefusals.ReleasesBadSignature, world =>
        {
            var stolen = world.ReleaseKeys[0];
            world.ReleaseKeys = [TrustWorld.Key()];
            world.PublishRoot();
            return Releasing(world, one => Endorsements.Endorse(SigningContext.Releases, one, stolen));
        }),
        new("releases rollback", TestListRefusals.ReleasesNotNewer, world => Again(world, world.ReleasesVersion - 1)),
        new("another releases of the same version", TestListRefusals.ReleasesNotNewer, world =>
        {
            world.Valid.Add(new() { List = "other", Version = 1 });
            return Again(world, world.ReleasesVersion);
        }),
        new("releases that have expired (freeze)", TestListRefusals.ReleasesExpired, world =>
        {
            var offer = world.Release();
            var stale = Changed(world.NewReleases(world.ReleasesVersion), one => one.ExpiresDay = world.Today);
            return world.Offer(world.Sign(stale), world.ListVersion);
        }),
        new("yesterday's offer after the releases expired (freeze)", TestListRefusals.ReleasesExpired, world =>
        {
            var offer = world.Release();
            world.Time.Advance(TimeSpan.FromDays(91));
            return offer;
        }),
        new("releases that are noise", TestListRefusals.ReleasesMalformed, world =>
        {
            world.Release();
            var noise = new Endorsed { Statement = ByteString.CopyFrom(0xFF, 0xFF, 0xFF) };
            noise.Add(SigningContext.Releases, world.ReleaseKeys[0]);
            return world.Offer(noise, world.ListVersion);
        }),
        new("releases of endless data", TestListRefusals.OfferTooLarge, world => With(world.Release(), offer => offer.Releases.Statement = Noise(1 << 20))),
        new("releases with endless signatures", TestListRefusals.OfferTooLarge, world => With(world.Release(), offer => Crowded(offer.Releases))),
        new("releases with a bit changed", TestListRefusals.ReleasesBadSignature, world => Releasing(world, one =>
        {
            var endorsed = world.Sign(one);
            endorsed.Statement = Changed(one, other => other.ExpiresDay++).ToByteString();
            return endorsed;
        })),
        new("releases fast-forward by a stolen key, recovered by a new root", TestListRefusals.ReleasesNotNewer, world =>
        {
            var stolen = world.ReleasesVersion;
            world.ReleasesVersion = ulong.MaxValue - 1;
            Accepted(world, world.Release());
            world.ReleasesVersion = stolen;
            return world.Release();
        }, ReplaceReleaseKeys),
        new("list fast-forward by a stolen key, recovered by a new root", TestListRefusals.NotNewer, world =>
        {
            var before = world.ListVersion;
            world.ListVersion = ulong.MaxValue - 1;
            Accepted(world, world.Release());
            world.ListVersion = before;
            return world.Release();
        }, ReplaceReleaseKeys),
    ];

    static ListOffer Releasing(TrustWorld world, Func<Releases, Endorsed> sign)
    {
        world.Release();
        return world.Offer(sign(world.NewReleases(world.ReleasesVersion)), world.ListVersion);
    }

    // The same list under releases of another version.
    static ListOffer Again(TrustWorld world, ulong version) => world.Offer(world.Sign(world.NewReleases(version)), world.ListVersion);

    static void ReplaceReleaseKeys(TrustWorld world)
    {
        world.ReleaseKeys = [TrustWorld.Key()];
        world.PublishRoot();
    }

    static void Accepted(TrustWorld world, ListOffer offer)
    {
        if (world.Take(offer) is { } refusal)
            throw new InvalidOperationException($"The attack could not be set up: {refusal}.");
    }

    static ListOffer With(ListOffer offer, Action<ListOffer> change)
    {
        change(offer);
        return offer;
    }

    static Releases Changed(Releases releases, Action<Releases> change)
    {
        var other = releases.Clone();
        change(other);
        return other;
    }
}
