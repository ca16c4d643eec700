using CsCheck;
using Google.Protobuf;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Protos.Tests;

public sealed class IdentifiersTests
{
    static readonly Invite SomeInvite = new()
    {
        Secret = ByteString.CopyFrom(new byte[16]),
        IdentityKey = ByteString.CopyFrom(new byte[32]),
        Addresses = { "https://a.example/x", "https://b.example/y" },
    };

    [Fact]
    public void A_uid_is_a_version_7_uuid_of_the_floored_time() =>
        Gen.Select(Gen.Long[0, 4_000_000_000], Gen.Byte.Array[32]).Sample((time, leaf) =>
        {
            var uid = MeasurementUid.Of(time, leaf);
            Assert.Equal(7, uid.Version);
            Assert.Equal(8, uid.Variant & 0xC);
            Assert.Equal(uid, MeasurementUid.Of(time, leaf));
            Assert.Equal(time * 1000, Convert.ToInt64(uid.ToString("N")[..12], 16));
        });

    [Fact]
    public void Uids_sort_by_time()
    {
        var earlier = MeasurementUid.Of(1000, [.. Enumerable.Repeat((byte)255, 32)]);
        var later = MeasurementUid.Of(1001, new byte[32]);
        Assert.True(string.CompareOrdinal(earlier.ToString(), later.ToString()) < 0);
    }

    [Fact]
    public void An_invite_survives_spaces_and_line_ends()
    {
        var text = InviteText.Write(SomeInvite);
        Assert.True(InviteText.TryRead("  " + text[..20] + "\r\n" + text[20..] + "\n", out var invite));
        Assert.Equal(SomeInvite, invite);
    }

    [Fact]
    public void An_altered_invite_is_refused()
    {
        var text = InviteText.Write(SomeInvite);
        Gen.Int[0, text.Length - 1].Sample(at =>
        {
            var altered = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
            Assert.False(InviteText.TryRead(altered, out _));
        });
        Assert.False(InviteText.TryRead(text[..^1], out _));
        Assert.False(InviteText.TryRead("", out _));
        Assert.False(InviteText.TryRead("not an invite!", out _));
    }

    [Fact]
    public void A_day_and_its_epoch_are_whole_numbers_of_UTC()
    {
        var day = Day.Of(new DateTimeOffset(2026, 11, 23, 23, 59, 59, TimeSpan.Zero));
        Assert.Equal(new DateOnly(2026, 11, 23), Day.ToDate(day));
        Assert.Equal(day / 30, Day.EpochOf(day));
    }
}
