using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.Identity;

public sealed class NetworkKeysTests : IDisposable
{
    readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays((700 * 30) + 3));
    readonly TemporaryState _state;

    public NetworkKeysTests() => _state = new(_time);

    public void Dispose() => _state.Dispose();

    [Fact]
    public void The_same_network_keeps_its_key_and_another_gets_another()
    {
        var home = _state.Keys.Current();
        _state.Gateway = new("wlan0", "198.51.100.1", "02:00:00:00:00:09");
        var cafe = _state.Keys.Current();
        Assert.False(_state.Keys.IsCurrent(home));
        _state.Gateway = new("eth0", "192.0.2.1", "02:00:00:00:00:01");
        Assert.Equal(home.PublicKey, _state.Keys.Current().PublicKey);
        Assert.NotEqual(home.PublicKey, cafe.PublicKey);
        Assert.Equal(2, _state.Keys.All().Count);
    }

    [Fact]
    public void Two_homes_with_the_same_gateway_address_are_two_networks()
    {
        var first = _state.Keys.Current();
        _state.Gateway = _state.Gateway with { Hardware = "02:00:00:00:00:02" };
        Assert.NotEqual(first.PublicKey, _state.Keys.Current().PublicKey);
    }

    [Fact]
    public void A_hardware_address_that_is_not_known_yet_makes_no_new_network()
    {
        _state.Gateway = _state.Gateway with { Hardware = "" };
        var key = _state.Keys.Current();
        _state.Gateway = _state.Gateway with { Hardware = "02:00:00:00:00:01" };
        Assert.Equal(key.PublicKey, _state.Keys.Current().PublicKey);
        _state.Gateway = _state.Gateway with { Hardware = "" };
        Assert.Equal(key.PublicKey, _state.Keys.Current().PublicKey);
        _state.Gateway = _state.Gateway with { Hardware = "02:00:00:00:00:02" };
        Assert.NotEqual(key.PublicKey, _state.Keys.Current().PublicKey);
    }

    [Fact]
    public void A_key_serves_thirty_days_and_is_forgotten_thirty_days_later()
    {
        var key = _state.Keys.Current();
        _time.Advance(TimeSpan.FromDays(29));
        Assert.True(_state.Keys.IsCurrent(key));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(_state.Keys.IsCurrent(key));
        Assert.NotEqual(key.PublicKey, _state.Keys.Current().PublicKey);
        _time.Advance(TimeSpan.FromDays(29));
        Assert.False(_state.Keys.TryForget(key));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(_state.Keys.TryForget(key));
        Assert.Null(_state.Keys.Find(key.Number));
    }

    [Fact]
    public void A_certified_key_serves_until_its_epoch_ends()
    {
        var key = _state.Keys.Current();
        var certificate = new KeyCertificate { PublicKey = key.PublicKey, Epoch = 700, ExpiresDay = (701 * Day.PerEpoch) + 15 };
        _state.Keys.SetCertificate(key, new() { Statement = certificate.ToByteString() });
        _time.Advance(TimeSpan.FromDays(26));
        Assert.True(_state.Keys.IsCurrent(key));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(_state.Keys.IsCurrent(key));
    }

    [Fact]
    public void Nothing_of_a_network_stands_on_disk_in_clear()
    {
        var key = _state.Keys.Current();
        foreach (var file in Directory.GetFiles(_state.Directory.Path))
        {
            var text = Convert.ToHexString(File.ReadAllBytes(file));
            Assert.DoesNotContain(Convert.ToHexString("192.0.2.1"u8), text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(key.PublicKey.Span), text, StringComparison.Ordinal);
        }
    }
}
