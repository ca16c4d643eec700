using System.IO.Compression;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Tests.Identity;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Tests.TestLists;

/// <summary>
/// An operator with keys and an agent that trusts them. The operator's side can be told to say anything, rightly signed or not;
/// <see cref="Release"/> is what it says when nobody attacks.
/// </summary>
sealed class TrustWorld : IDisposable
{
    public const string List = "kh";

    readonly TemporaryState _state = new();

    public TrustWorld()
    {
        Online = Key();
        RootKeys = [Key(), Key(), Key()];
        ReleaseKeys = [Key(), Key()];
        (RootThreshold, ReleaseThreshold) = (2, 1);
        Session = new(ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)), ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)), "KH", 64500);
        PublishRoot();
        _state.Enrollment.Save(new() { Root = ByteString.CopyFrom(SHA256.HashData(Roots[0].Statement.Span)) });
        Agent = Open();
    }

    public FakeTimeProvider Time => (FakeTimeProvider)_state.Time;

    public TemporaryState State => _state;

    public uint Today => Day.Of(Time.GetUtcNow());

    public TestListStore Agent { get; private set; }

    public OfferSession Session { get; set; }

    public List<SigningKey> RootKeys { get; set; }

    public uint RootThreshold { get; set; }

    public List<SigningKey> ReleaseKeys { get; set; }

    public uint ReleaseThreshold { get; set; }

    public SigningKey Online { get; set; }

    public List<Endorsed> Roots { get; } = [];

    public ulong ReleasesVersion { get; set; }

    public ulong ListVersion { get; set; }

    public List<ValidList> Valid { get; set; } = [];

    public Dictionary<ulong, ByteString> Contents { get; } = [];

    public static SigningKey Key() => SigningKey.Create();

    public TestListStore Open() => new(_state.Directory, _state.Key, _state.Enrollment, _state.Time);

    /// <summary>The agent's process ends and begins.</summary>
    public void Restart() => Agent = Open();

    public static KeyRole Role(uint threshold, params IEnumerable<SigningKey> keys) => new() { Threshold = threshold, PublicKeys = { keys.Select(key => key.PublicKey.Bytes) } };

    public Root NextRoot() => new()
    {
        Version = (ulong)Roots.Count + 1,
        ExpiresDay = Today + 365,
        Root_ = Role(RootThreshold, RootKeys),
        Releases = Role(ReleaseThreshold, ReleaseKeys),
        Online = Role(1, Online),
    };

    /// <param name="former">Those of the root before it, where its keys change.</param>
    public Endorsed PublishRoot(params IEnumerable<SigningKey> former)
    {
        var endorsed = Endorsements.Endorse(SigningContext.Root, NextRoot(), RootKeys.Concat(former));
        Roots.Add(endorsed);
        return endorsed;
    }

    public TestList NewList(ulong version) => new()
    {
        Name = List,
        Version = version,
        ReleasedDay = Today,
        ExpiresDay = Today + 180,
        Entries = { new ListEntry { Input = "https://a.example/", CategoryCode = "NEWS" }, new ListEntry { Input = $"https://v{version}.example/", CategoryCode = "NEWS" } },
    };

    public static ByteString Pack(IMessage list)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            list.WriteTo(gzip);
        return ByteString.CopyFrom(compressed.ToArray());
    }

    public static ValidList Declare(string list, ulong version, ByteString content) =>
        new() { List = list, Version = version, Sha256 = ByteString.CopyFrom(SHA256.HashData(content.Span)), Length = (uint)content.Length };

    public Releases NewReleases(ulong version) => new() { Version = version, ExpiresDay = Today + 90, Lists = { Valid } };

    public Endorsed Sign(Releases releases) => Endorsements.Endorse(SigningContext.Releases, releases, ReleaseKeys.Take((int)ReleaseThreshold));

    public Assignment Assign(Endorsed releases, ulong version) => new()
    {
        Nonce = Session.Nonce,
        PublicKey = Session.PublicKey,
        RootVersion = (ulong)Roots.Count,
        ReleasesSha256 = ByteString.CopyFrom(SHA256.HashData(releases.Statement.Span)),
        List = List,
        ListVersion = version,
    };

    public Endorsed Sign(Assignment assignment) => Endorsements.Endorse(SigningContext.Assignment, assignment, Online);

    /// <summary>The next version, declared valid and assigned. What was valid before is withdrawn.</summary>
    public ListOffer Release(Action<TestList>? change = null)
    {
        var list = NewList(++ListVersion);
        change?.Invoke(list);
        var content = Contents[ListVersion] = Pack(list);
        Valid = [Declare(List, ListVersion, content)];
        ReleasesVersion++;
        return Offer(Sign(NewReleases(ReleasesVersion)), ListVersion);
    }

    public ListOffer Offer(Endorsed releases, ulong version)
    {
        var offer = new ListOffer { Releases = releases, Assignment = Sign(Assign(releases, version)), Content = Contents.GetValueOrDefault(version, ByteString.Empty) };
        offer.Roots.AddRange(Roots.Skip((int)Agent.RootVersion));
        return offer;
    }

    public Endorsed Sign(Stop stop) => Endorsements.Endorse(SigningContext.Stop, stop, Online);

    public Stop NewStop(ulong number) => new() { Number = number, Everywhere = true, Expires = (Time.GetUtcNow() + TimeSpan.FromDays(1)).ToUnixTimeSeconds(), Reason = "a drill" };

    public string? Take(ListOffer offer) => Agent.Offer(offer, Session, out _);

    public bool IsStopped(string cc = "KH", uint asn = 64500) => Agent.Standstill.Holds(Time.GetUtcNow(), [cc], [asn]);

    public void Dispose() => _state.Dispose();
}
