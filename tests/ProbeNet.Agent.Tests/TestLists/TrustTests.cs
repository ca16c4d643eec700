using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.TestLists;

public sealed class TrustTests : IDisposable
{
    readonly TrustWorld _world = new();

    public static TheoryData<string> Names => [.. Attacks.All.Select(attack => attack.Name)];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void There_are_sixty_or_more() => Assert.True(Names.Count >= 60);

    [Theory]
    [MemberData(nameof(Names))]
    public void An_attack_is_refused_with_its_reason_and_afterwards_the_agent_goes_on(string name)
    {
        var attack = Attacks.All.Single(one => one.Name == name);
        Assert.Null(_world.Take(_world.Release()));
        Assert.Null(_world.Take(_world.Release()));
        var offer = attack.Make(_world);
        var running = _world.Agent.Current!.Version;

        Assert.Equal(attack.Refusal, attack.Refusal == TestListRefusals.NeedsRoot ? OldWay() : _world.Take(offer));
        Assert.Equal(running, _world.Agent.Current!.Version);

        // Not bricked, also over a restart; and what the operator does next arrives.
        _world.Restart();
        Assert.Equal(running, _world.Agent.Current!.Version);
        attack.Recover?.Invoke(_world);
        var next = _world.Release();
        Assert.Null(_world.Take(next));
        Assert.Equal(_world.ListVersion, _world.Agent.Current!.Version);
        Assert.False(_world.IsStopped());
    }

    [Fact]
    public void An_agent_comes_in_over_every_root_since_the_one_that_its_invite_pinned()
    {
        for (var n = 0; n < 5; n++)
        {
            var former = _world.RootKeys;
            _world.RootKeys = [TrustWorld.Key(), former[1], former[2]];
            _world.PublishRoot(former);
        }
        // Those on the way have expired since.
        _world.Time.Advance(TimeSpan.FromDays(400));
        _world.PublishRoot();
        Assert.Null(_world.Take(_world.Release()));
        Assert.Equal(7ul, _world.Agent.RootVersion);
    }

    [Fact]
    public void An_invite_that_pins_a_later_root_ignores_those_before_it()
    {
        _world.PublishRoot();
        _world.State.Enrollment.Save(new() { Root = ByteString.CopyFrom(SHA256.HashData(_world.Roots[1].Statement.Span)) });
        Assert.Null(_world.Take(_world.Release()));
        Assert.Equal(2ul, _world.Agent.RootVersion);
    }

    [Fact]
    public void Without_the_pinned_root_nothing_is_taken()
    {
        _world.State.Enrollment.Save(new() { Root = ByteString.CopyFrom(new byte[32]) });
        Assert.Equal(TestListRefusals.RootNotPinned, _world.Take(_world.Release()));
        Assert.Null(_world.Agent.Current);
    }

    [Fact]
    public void An_agent_of_todays_invites_follows_its_list_key_to_the_first_root_and_from_then_on_the_root_alone()
    {
        using var listKey = SigningKey.Create();
        _world.State.Enrollment.Save(new() { ListKeys = { listKey.PublicKey.Bytes } });
        var old = _world.NewList(7);
        Assert.Null(_world.Agent.Offer(listKey.Sign(old), "KH", 64500, out _));

        // Roots that the key did not sign are nobody's.
        Assert.Equal(TestListRefusals.RootNotPinned, _world.Take(_world.Release()));
        Assert.Equal(7ul, _world.Agent.Current!.Version);

        _world.Roots[0].Add(SigningContext.Root, listKey);
        _world.PublishRoot();
        _world.ListVersion = 7;
        Assert.Null(_world.Take(_world.Release()));
        Assert.Equal((2ul, 8ul), (_world.Agent.RootVersion, _world.Agent.Current!.Version));

        Assert.Equal(TestListRefusals.NeedsRoot, _world.Agent.Offer(listKey.Sign(_world.NewList(9)), "KH", 64500, out _));
    }

    [Fact]
    public void Who_joins_another_collector_trusts_its_root_and_keeps_the_list_until_then()
    {
        Assert.Null(_world.Take(_world.Release()));
        using var other = new TrustWorld();
        _world.State.Enrollment.Save(new() { IdentityKey = ByteString.CopyFrom(new byte[32]), Root = ByteString.CopyFrom(SHA256.HashData(other.Roots[0].Statement.Span)) });
        Assert.Equal((0ul, 1ul), (_world.Agent.RootVersion, _world.Agent.Current!.Version));

        var theirs = other.Release();
        Assert.Null(_world.Agent.Offer(theirs, other.Session, out _));
        Assert.Equal(1ul, _world.Agent.RootVersion);
        _world.Restart();
        Assert.Equal(1ul, _world.Agent.RootVersion);
        Assert.Equal(TestListRefusals.AssignmentBadSignature, _world.Take(_world.Release()));
    }

    [Fact]
    public void A_list_key_vouches_for_no_root_but_the_first()
    {
        using var listKey = SigningKey.Create();
        _world.State.Enrollment.Save(new() { ListKeys = { listKey.PublicKey.Bytes } });
        _world.PublishRoot().Add(SigningContext.Root, listKey);
        var offer = _world.Release();
        offer.Roots.RemoveAt(0);
        Assert.Equal(TestListRefusals.RootNotNext, _world.Take(offer));
    }

    [Fact]
    public void A_root_and_a_stop_are_kept_though_the_list_beside_them_is_refused()
    {
        Assert.Null(_world.Take(_world.Release()));
        _world.PublishRoot();
        var offer = _world.Release();
        (offer.Content, offer.Stop) = (ByteString.CopyFromUtf8("forged"), _world.Sign(_world.NewStop(1)));
        Assert.Equal(TestListRefusals.WrongContent, _world.Take(offer));
        _world.Restart();
        Assert.Equal((2ul, 1ul, true), (_world.Agent.RootVersion, _world.Agent.Current!.Version, _world.IsStopped()));
    }

    [Fact]
    public void Keys_that_stay_keep_what_they_said()
    {
        Assert.Null(_world.Take(_world.Release()));
        var older = _world.Sign(_world.NewReleases(_world.ReleasesVersion));
        Assert.Null(_world.Take(_world.Release()));
        // A key more in the role is no reason to forget how far versions got.
        _world.ReleaseKeys.Add(TrustWorld.Key());
        _world.PublishRoot();
        Assert.Equal(TestListRefusals.ReleasesNotNewer, _world.Take(_world.Offer(older, 1)));
        Assert.Equal((2ul, 2ul), (_world.Agent.RootVersion, _world.Agent.Current!.Version));
    }

    [Fact]
    public void A_stop_ends_by_itself_by_the_next_one_and_with_the_key_that_signed_it()
    {
        Assert.Null(_world.Take(WithStop(_world.NewStop(1))));
        Assert.True(_world.IsStopped());
        _world.Time.Advance(TimeSpan.FromDays(1));
        Assert.False(_world.IsStopped());

        var endless = _world.NewStop(2);
        endless.Expires = long.MaxValue;
        Assert.Null(_world.Take(WithStop(endless)));
        Assert.True(_world.IsStopped());
        _world.Time.Advance(TimeSpan.FromDays(30));
        Assert.False(_world.IsStopped());

        Assert.Null(_world.Take(WithStop(_world.NewStop(3))));
        Assert.Null(_world.Take(WithStop(new() { Number = 4 })));
        Assert.False(_world.IsStopped());

        Assert.Null(_world.Take(WithStop(_world.NewStop(5))));
        _world.Online = TrustWorld.Key();
        _world.PublishRoot();
        Assert.Null(_world.Take(_world.Release()));
        Assert.False(_world.IsStopped());
    }

    [Fact]
    public void A_stop_is_for_whom_it_names()
    {
        var stop = _world.NewStop(1);
        (stop.Everywhere, stop.Reason) = (false, "arrests\u0007 in the capital");
        stop.Cc.Add("kh");
        stop.Asn.Add(64999);
        Assert.Null(_world.Take(WithStop(stop)));
        Assert.True(_world.IsStopped());
        Assert.False(_world.IsStopped("TH"));
        Assert.True(_world.IsStopped("TH", 64999));
        Assert.Equal("arrests in the capital", _world.Agent.Standstill.Reason);
    }

    [Fact]
    public void The_list_in_force_is_not_sent_again()
    {
        Assert.Null(_world.Take(_world.Release()));
        var change = _world.Agent.NextChange;
        var again = _world.Offer(_world.Sign(_world.NewReleases(++_world.ReleasesVersion)), 1);
        again.Content = ByteString.Empty;
        Assert.Null(_world.Take(again));
        Assert.False(change.IsCompleted);
    }

    [Fact]
    public void A_full_disk_changes_nothing_and_once_there_is_room_the_offer_is_taken()
    {
        Assert.Null(_world.Take(_world.Release()));
        var offer = _world.Release();
        // A directory in the file's place: it cannot be written, whoever runs the test.
        var path = _world.State.Directory.PathOf("list.previous");
        Directory.CreateDirectory(path);
        Assert.Equal(TestListRefusals.NotKept, _world.Take(offer));
        Assert.Equal(1ul, _world.Agent.Current!.Version);
        Directory.Delete(path);
        Assert.Null(_world.Take(offer));
        Assert.Equal(2ul, _world.Agent.Current!.Version);
    }

    string? OldWay()
    {
        using var key = SigningKey.Create();
        return _world.Agent.Offer(key.Sign(_world.NewList(99)), "KH", 64500, out _);
    }

    ListOffer WithStop(Stop stop)
    {
        var offer = _world.Release();
        offer.Stop = _world.Sign(stop);
        return offer;
    }
}
