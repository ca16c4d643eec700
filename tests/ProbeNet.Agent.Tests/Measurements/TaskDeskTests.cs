using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Tests.Identity;
using ProbeNet.Agent.Tests.TestLists;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.Measurements;

/// <summary>The collector asks, the machine decides (mission, volunteer safety 6).</summary>
public sealed class TaskDeskTests : IDisposable
{
    const string Site = "https://www.news.example/";

    readonly FakeTimeProvider _clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    readonly TemporaryState _state;
    readonly SigningKey _key = SigningKey.Create();
    readonly StateFile<Consent> _consents;
    readonly TestListStore _lists;
    TaskInbox _inbox = new();
    TaskDesk _desk;

    public TaskDeskTests()
    {
        _state = new(_clock);
        Join(Role.Agent);
        _consents = new(_state.Directory, _state.Key, "consent", Consent.Parser);
        Agree(new Consent { Categories = { "NEWS" }, Tasks = true });
        _lists = new(_state.Directory, _state.Key, _state.Enrollment, _clock);
        var list = new TestList { Name = "kh", Version = 3, ExpiresDay = Day.Of(_clock.GetUtcNow()) + 30 };
        list.Entries.Add(new ListEntry { Input = Site, CategoryCode = "NEWS" });
        list.Entries.Add(new ListEntry { Input = "https://casino.example/", CategoryCode = "GMB" });
        Assert.Null(_lists.Offer(_key.Sign(list), "KH", 64500, out _));
        _desk = Open();
    }

    public void Dispose()
    {
        _key.Dispose();
        _state.Dispose();
    }

    [Fact]
    public void An_entry_of_the_list_that_consent_covers_is_taken_once()
    {
        Assert.True(_inbox.Offer(Ask(Site)));
        Assert.True(_desk.NextTask.IsCompletedSuccessfully);
        Assert.True(_desk.TryTake(out var input));
        Assert.Equal(Site, input);
        Assert.False(_desk.TryTake(out _));
    }

    [Fact]
    public void Whatever_else_is_asked_is_refused()
    {
        Assert.False(_inbox.Offer(Ask("https://elsewhere.example/")));
        Assert.False(_inbox.Offer(Ask("https://casino.example/")));
        Assert.False(_inbox.Offer(Ask(Site, list: "th")));
        Assert.False(_inbox.Offer(Ask(Site, minutes: 0)));
        Agree(new Consent { Categories = { "NEWS" }, Tasks = true, Refused = { "news.example" } });
        Assert.False(_inbox.Offer(Ask(Site)));
        Agree(new Consent { Categories = { "NEWS" }, Tasks = false });
        Assert.False(_inbox.Offer(Ask(Site)));
        Assert.False(_desk.TryTake(out _));
    }

    [Fact]
    public void Addresses_are_for_controls_alone()
    {
        Assert.True(_inbox.Offer(Ask(Site, addresses: [8, 44, 1, 1])));
        Assert.Empty(_desk.TakeAddresses(Site));
        Join(Role.Control);
        Assert.True(_inbox.Offer(Ask(Site, addresses: [8, 44, 1, 1])));
        Assert.Equal("8.44.1.1", Assert.Single(_desk.TakeAddresses(Site)).ToString());
    }

    [Fact]
    public void Ten_a_day_and_no_more_after_a_restart()
    {
        for (var i = 0; i < 10; i++)
            Assert.True(_inbox.Offer(Ask(Site)));
        Assert.False(_inbox.Offer(Ask(Site)));
        _inbox = new();
        _desk = Open();
        Assert.False(_inbox.Offer(Ask(Site)));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True(_inbox.Offer(Ask(Site)));
    }

    [Fact]
    public void What_could_not_be_run_within_the_hour_is_not_run_however_long_the_collector_allows()
    {
        Assert.True(_inbox.Offer(Ask(Site, minutes: 100_000)));
        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.False(_desk.TryTake(out _));
    }

    TaskDesk Open() => new(_inbox, _lists, new(_state.Key, new() { Share = 1 }), _state.Keys, _consents, _state.Enrollment, new(_state.Directory, _state.Key, "tasks", TaskTally.Parser), _clock);

    void Join(Role role) => _state.Enrollment.Save(new() { ListKeys = { _key.PublicKey.Bytes }, Role = role });

    void Agree(Consent consent) => _consents.Save(consent);

    Protos.V1.Task Ask(string input, string list = "kh", int minutes = 60, byte[]? addresses = null)
    {
        var task = new Protos.V1.Task { Id = ByteString.CopyFromUtf8(input), List = list, Input = input, Reason = "corroborate", Expires = _clock.GetUtcNow().AddMinutes(minutes).ToUnixTimeSeconds() };
        if (addresses is not null)
            task.Addresses.Add(ByteString.CopyFrom(addresses));
        return task;
    }
}
