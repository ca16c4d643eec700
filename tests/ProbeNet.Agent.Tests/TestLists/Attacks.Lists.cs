using Google.Protobuf;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Tests.TestLists;

static partial class Attacks
{
    static IEnumerable<Attack> OnAssignments =>
    [
        new("assignment missing", TestListRefusals.AssignmentBadSignature, world => With(world.Release(), offer => offer.Assignment = null)),
        new("assignment signed by nobody", TestListRefusals.AssignmentBadSignature, world => With(world.Release(), offer => offer.Assignment.Signatures.Clear())),
        new("assignment signed by a stranger", TestListRefusals.AssignmentBadSignature, world => Assigning(world, _ => { }, TrustWorld.Key())),
        new("assignment by the releases key", TestListRefusals.AssignmentBadSignature, world => Assigning(world, _ => { }, world.ReleaseKeys[0])),
        new("assignment by an online key that a new root revoked", TestListRefusals.AssignmentBadSignature, world =>
        {
            var stolen = world.Online;
            world.Online = TrustWorld.Key();
            world.PublishRoot();
            return Assigning(world, _ => { }, stolen);
        }),
        new("assignment of another session (replay)", TestListRefusals.AssignmentNotOurs, world => Assigning(world, one => one.Nonce = Noise(32), world.Online)),
        new("assignment of another agent", TestListRefusals.AssignmentNotOurs, world => Assigning(world, one => one.PublicKey = Noise(32), world.Online)),
        new("assignment of another root's time (mix-and-match)", TestListRefusals.Mixed, world => Assigning(world, one => one.RootVersion++, world.Online)),
        new("assignment beside other releases (mix-and-match)", TestListRefusals.Mixed, world => Assigning(world, one => one.ReleasesSha256 = Noise(32), world.Online)),
        new("the former releases beside a new assignment (mix-and-match)", TestListRefusals.Mixed, world =>
        {
            var former = world.Offer(world.Sign(world.NewReleases(world.ReleasesVersion)), world.ListVersion).Releases;
            return With(world.Release(), offer => offer.Releases = former);
        }),
        new("assignment that is noise", TestListRefusals.AssignmentMalformed, world => With(world.Release(), offer =>
        {
            offer.Assignment = new() { Statement = ByteString.CopyFrom(0xFF, 0xFF, 0xFF) };
            offer.Assignment.Add(SigningContext.Assignment, world.Online);
        })),
        new("assignment of endless data", TestListRefusals.OfferTooLarge, world => With(world.Release(), offer => offer.Assignment.Statement = Noise(1 << 16))),
        new("assignment of a version that nobody declared valid", TestListRefusals.NotValid, world => Assigning(world, one => one.ListVersion++, world.Online)),
        new("assignment of a list that nobody declared valid", TestListRefusals.NotValid, world => Assigning(world, one => one.List = "other", world.Online)),
        new("assignment of a version that was withdrawn", TestListRefusals.NotValid, world => Assigning(world, one => one.ListVersion = 2, world.Online)),
        new("assignment of an older version that is still valid (rollback)", TestListRefusals.NotNewer, world =>
        {
            var older = world.Valid[0];
            world.Release();
            world.Valid.Add(older);
            Accepted(world, world.Offer(world.Sign(world.NewReleases(++world.ReleasesVersion)), world.ListVersion));
            return world.Offer(world.Sign(world.NewReleases(world.ReleasesVersion)), older.Version);
        }),
    ];

    static IEnumerable<Attack> OnLists =>
    [
        new("another content of the same version", TestListRefusals.WrongContent, world => With(world.Release(), offer => offer.Content = TrustWorld.Pack(world.NewList(99)))),
        new("a bit of the content changed", TestListRefusals.WrongContent, world => With(world.Release(), offer => offer.Content = Flipped(offer.Content))),
        new("content cut short", TestListRefusals.WrongContent, world => With(world.Release(), offer => offer.Content = ByteString.CopyFrom(offer.Content.Span[..^1]))),
        new("content with data behind it (endless data)", TestListRefusals.WrongContent, world => With(world.Release(), offer => offer.Content = ByteString.CopyFrom([.. offer.Content.Span, .. new byte[100_000]]))),
        new("no content where the agent has none", TestListRefusals.WrongContent, world => With(world.Release(), offer => offer.Content = ByteString.Empty)),
        new("content of endless data", TestListRefusals.OfferTooLarge, world => With(world.Release(), offer => offer.Content = ByteString.CopyFrom(new byte[TestListVerifier.MaximumSize + 1]))),
        new("content that unpacks without end", TestListRefusals.TooLarge, world => OfContent(world, Packed(new byte[TestListVerifier.MaximumSize + 1]))),
        new("content that is no gzip", TestListRefusals.Malformed, world => OfContent(world, Noise(500))),
        new("content that is no list", TestListRefusals.Malformed, world => OfContent(world, Packed([0xFF, 0xFF, 0xFF]))),
        new("content that names another version", TestListRefusals.Mixed, world => world.Release(list => list.Version += 7)),
        new("content that names another list", TestListRefusals.Mixed, world => world.Release(list => list.Name = "other")),
        new("a list that has expired", TestListRefusals.Expired, world => world.Release(list => list.ExpiresDay = world.Today)),
        new("a list for another country", TestListRefusals.NotForThisAgent, world => world.Release(list => list.Target = new() { Cc = { "TH" } })),
        new("a list for another network", TestListRefusals.NotForThisAgent, world => world.Release(list => list.Target = new() { Asn = { 64999 } })),
        new("a list of more entries than any agent takes", TestListRefusals.TooLarge, world => world.Release(list =>
            list.Entries.AddRange(Enumerable.Range(0, TestListVerifier.MostEntries).Select(n => new ListEntry { Input = $"https://s{n}.example/", CategoryCode = "NEWS" })))),
        new("the old way past the roots", TestListRefusals.NeedsRoot, _ => new()),
    ];

    static IEnumerable<Attack> OnStops =>
    [
        new("stop signed by nobody", TestListRefusals.StopBadSignature, world => Stopping(world, Unsigned(world.NewStop(9)))),
        new("stop signed by a stranger", TestListRefusals.StopBadSignature, world => Stopping(world, Endorsements.Endorse(SigningContext.Stop, world.NewStop(9), TrustWorld.Key()))),
        new("stop signed in another context", TestListRefusals.StopBadSignature, world => Stopping(world, Endorsements.Endorse(SigningContext.Assignment, world.NewStop(9), world.Online))),
        new("stop by an online key that a new root revoked", TestListRefusals.StopBadSignature, world =>
        {
            var stolen = world.Online;
            world.Online = TrustWorld.Key();
            world.PublishRoot();
            return Stopping(world, Endorsements.Endorse(SigningContext.Stop, world.NewStop(9), stolen));
        }),
        new("a lifted stop comes back (replay)", TestListRefusals.StopNotNewer, world =>
        {
            var stop = world.Sign(world.NewStop(4));
            Accepted(world, Stopping(world, stop));
            Accepted(world, Stopping(world, world.Sign(new Stop { Number = 5 })));
            return Stopping(world, stop);
        }),
        new("another stop of the same number", TestListRefusals.StopNotNewer, world =>
        {
            Accepted(world, Stopping(world, world.Sign(new Stop { Number = 5 })));
            return Stopping(world, world.Sign(world.NewStop(5)));
        }),
        new("stop that is noise", TestListRefusals.StopMalformed, world =>
        {
            var noise = new Endorsed { Statement = ByteString.CopyFrom(0xFF, 0xFF, 0xFF) };
            noise.Add(SigningContext.Stop, world.Online);
            return Stopping(world, noise);
        }),
        new("stop of endless data", TestListRefusals.OfferTooLarge, world => Stopping(world, new() { Statement = Noise(1 << 16) })),
        new("stop with an endless reason", TestListRefusals.StopMalformed, world =>
        {
            var stop = world.NewStop(9);
            stop.Reason = new('x', 1000);
            return Stopping(world, world.Sign(stop));
        }),
        new("stop fast-forward by a stolen online key, recovered by a new root", TestListRefusals.StopNotNewer, world =>
        {
            Accepted(world, Stopping(world, world.Sign(world.NewStop(ulong.MaxValue))));
            return Stopping(world, world.Sign(new Stop { Number = 6 }));
        }, world =>
        {
            world.Online = TrustWorld.Key();
            world.PublishRoot();
        }),
    ];

    static ListOffer Assigning(TrustWorld world, Action<Assignment> change, SigningKey key)
    {
        var offer = world.Release();
        var assignment = world.Assign(offer.Releases, world.ListVersion);
        change(assignment);
        offer.Assignment = Endorsements.Endorse(SigningContext.Assignment, assignment, key);
        return offer;
    }

    // Declared valid, rightly signed, and still nothing that an agent could run.
    static ListOffer OfContent(TrustWorld world, ByteString content)
    {
        world.Release();
        world.Contents[world.ListVersion] = content;
        world.Valid = [TrustWorld.Declare(TrustWorld.List, world.ListVersion, content)];
        return world.Offer(world.Sign(world.NewReleases(++world.ReleasesVersion)), world.ListVersion);
    }

    static ListOffer Stopping(TrustWorld world, Endorsed stop) => With(world.Release(), offer => offer.Stop = stop);

    static ByteString Flipped(ByteString content) => ByteString.CopyFrom([.. content.Span[..^1], (byte)(content[^1] ^ 1)]);

    static ByteString Packed(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return ByteString.CopyFrom(compressed.ToArray());
    }
}
