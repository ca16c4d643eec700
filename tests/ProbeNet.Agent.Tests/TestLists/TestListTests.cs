using Google.Protobuf;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Tests.Identity;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.TestLists;

public sealed class TestListTests : IDisposable
{
    readonly TemporaryState _state = new();
    readonly SigningKey _key = SigningKey.Create();
    readonly uint _today;

    public TestListTests()
    {
        _today = Day.Of(_state.Time.GetUtcNow());
        _state.Enrollment.Save(new() { ListKeys = { _key.PublicKey.Bytes } });
    }

    public void Dispose()
    {
        _key.Dispose();
        _state.Dispose();
    }

    [Fact]
    public void A_signed_newer_list_for_this_agent_is_taken()
    {
        var store = Open();
        var change = store.NextChange;
        Assert.Null(store.Offer(_key.Sign(List(1)), "KH", 64500, out _));
        Assert.True(change.IsCompletedSuccessfully);
        Assert.Equal(("kh", 1ul), (store.Current!.Name, store.Current.Version));
        Assert.Equal("NEWS", store.Current.Find("https://a.example/")!.CategoryCode);
        Assert.Null(store.Current.Find("https://b.example/"));
    }

    [Fact]
    public void Every_other_list_is_refused_with_its_reason_and_the_last_good_one_stays()
    {
        var store = Open();
        store.Offer(_key.Sign(List(5)), "KH", 64500, out _);
        using var stranger = SigningKey.Create();
        var altered = _key.Sign(List(6));
        altered.Content = ByteString.CopyFrom([.. altered.Content.Span[..^1], (byte)(altered.Content[^1] ^ 1)]);
        var old = List(6);
        old.ExpiresDay = _today;
        var foreign = List(6);
        foreign.Target = new() { Cc = { "TH" } };
        var elsewhere = List(6);
        elsewhere.Target = new() { Cc = { "KH" }, Asn = { 64501 } };

        Assert.Equal(TestListRefusals.BadSignature, store.Offer(stranger.Sign(List(6)), "KH", 64500, out _));
        Assert.Equal(TestListRefusals.BadSignature, store.Offer(altered, "KH", 64500, out _));
        Assert.Equal(TestListRefusals.BadSignature, store.Offer(new(), "KH", 64500, out _));
        Assert.Equal(TestListRefusals.NotNewer, store.Offer(_key.Sign(List(5)), "KH", 64500, out _));
        Assert.Equal(TestListRefusals.Expired, store.Offer(_key.Sign(old), "KH", 64500, out _));
        Assert.Equal(TestListRefusals.NotForThisAgent, store.Offer(_key.Sign(foreign), "KH", 64500, out _));
        Assert.Equal(TestListRefusals.NotForThisAgent, store.Offer(_key.Sign(elsewhere), "KH", 64500, out _));
        Assert.Equal(TestListRefusals.NotForThisAgent, store.Offer(_key.Sign(foreign), "", 0, out _));
        Assert.Equal(TestListRefusals.TooLarge, store.Offer(_key.Sign(new byte[TestListVerifier.MaximumSize + 1]), "KH", 64500, out _));
        Assert.Equal(TestListRefusals.Malformed, store.Offer(_key.Sign([0xFF, 0xFF, 0xFF]), "KH", 64500, out _));
        Assert.Equal(5ul, store.Current!.Version);
        Assert.Equal(5ul, Open().Current!.Version);
    }

    [Fact]
    public void A_version_does_not_come_back_after_another_list()
    {
        var store = Open();
        store.Offer(_key.Sign(List(5)), "KH", 0, out _);
        var other = List(1);
        other.Name = "other";
        Assert.Null(store.Offer(_key.Sign(other), "KH", 0, out _));
        Assert.Equal(TestListRefusals.NotNewer, store.Offer(_key.Sign(List(4)), "KH", 0, out _));
        Assert.Equal(TestListRefusals.NotNewer, Open().Offer(_key.Sign(List(4)), "KH", 0, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void A_torn_file_leaves_the_last_good_list(int length)
    {
        var store = Open();
        store.Offer(_key.Sign(List(1)), "KH", 0, out _);
        store.Offer(_key.Sign(List(2)), "KH", 0, out _);
        var path = _state.Directory.PathOf("list");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);
        var again = Open();
        Assert.Equal(1ul, again.Current!.Version);
        Assert.Null(again.Offer(_key.Sign(List(2)), "KH", 0, out _));
        Assert.Equal(2ul, Open().Current!.Version);
    }

    TestListStore Open() => new(_state.Directory, _state.Key, _state.Enrollment, _state.Time);

    TestList List(ulong version) => new()
    {
        Name = "kh",
        Version = version,
        ExpiresDay = _today + 30,
        Entries = { new ListEntry { Input = "https://a.example/", CategoryCode = "NEWS" } },
    };
}
