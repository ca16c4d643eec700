using System.Net.NetworkInformation;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.Measurements;

public sealed class KeepingTests : IDisposable
{
    readonly string _path = Directory.CreateTempSubdirectory("probenet-keeping-").FullName;
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    readonly StateDirectory _directory;
    readonly StateKey _key;

    public KeepingTests()
    {
        _directory = new StateDirectory(_path);
        _key = StateKey.OpenOrCreate(_directory);
    }

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public void The_budget_counts_a_day_and_survives_a_restart()
    {
        var traffic = new TrafficMeter();
        var budget = MakeBudget(traffic);
        Assert.True(budget.HasRoom(LineKind.Fixed));
        traffic.Stream(18_000_000);
        // Headers and bare acknowledgements come to a twentieth more and a little.
        Assert.InRange(budget.SpentToday, 18_000_000, 19_500_000);
        Assert.True(budget.HasRoom(LineKind.Mobile));
        traffic.Stream(1_000_000);
        Assert.False(budget.HasRoom(LineKind.Mobile));
        Assert.True(budget.HasRoom(LineKind.Fixed));
        budget.Save();

        var restarted = MakeBudget(new TrafficMeter());
        Assert.Equal(budget.SpentToday, restarted.SpentToday);
        _time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(0, restarted.SpentToday);
        Assert.True(restarted.HasRoom(LineKind.Mobile));
    }

    [Fact]
    public void History_is_kept_seven_days_and_lies_encrypted()
    {
        var history = MakeHistory(7);
        for (var day = 0; day < 9; day++)
        {
            history.Add(Entry($"https://site{day}.test/"));
            _time.Advance(TimeSpan.FromDays(1));
        }
        history.Add(Entry("https://last.test/"));
        var read = history.Read(DateTimeOffset.UnixEpoch);
        Assert.Equal(["https://site3.test/", "https://last.test/"], new[] { read[0].Input, read[^1].Input });
        Assert.Equal(7, read.Count);
        Assert.Equal("https://last.test/", Assert.Single(history.Read(_time.GetUtcNow().AddHours(-1))).Input);
        foreach (var file in Directory.GetFiles(_path))
            Assert.DoesNotContain("site", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_entry_is_left_out_and_the_next_ones_are_read()
    {
        MakeHistory(7).Add(Entry("https://one.test/"));
        var file = Directory.GetFiles(_path, "history.*").Single();
        File.WriteAllBytes(file, [.. File.ReadAllBytes(file), 0, 0, 1, 0, 5, 5]);
        MakeHistory(7).Add(Entry("https://two.test/"));
        Assert.Equal(["https://one.test/", "https://two.test/"], MakeHistory(7).Read(DateTimeOffset.UnixEpoch).Select(entry => entry.Input));
    }

    [Fact]
    public void With_no_days_nothing_is_remembered()
    {
        var history = MakeHistory(0);
        history.Add(Entry("https://one.test/"));
        Assert.Empty(history.Read(DateTimeOffset.UnixEpoch));
        Assert.Empty(Directory.GetFiles(_path, "history.*"));
    }

    [Theory]
    [InlineData("wg0", NetworkInterfaceType.Ethernet, nameof(LineKind.Tunnel))]
    [InlineData("tun0", NetworkInterfaceType.Unknown, nameof(LineKind.Tunnel))]
    [InlineData("Connection", NetworkInterfaceType.Ppp, nameof(LineKind.Tunnel))]
    [InlineData("wwan0", NetworkInterfaceType.Ethernet, nameof(LineKind.Mobile))]
    [InlineData("Mobile", NetworkInterfaceType.Wwanpp, nameof(LineKind.Mobile))]
    [InlineData("eth0", NetworkInterfaceType.Ethernet, nameof(LineKind.Fixed))]
    [InlineData("wlan0", NetworkInterfaceType.Wireless80211, nameof(LineKind.Fixed))]
    [InlineData("weird", NetworkInterfaceType.Unknown, nameof(LineKind.Unknown))]
    public void The_kind_of_line_is_told(string name, NetworkInterfaceType type, string kind) =>
        Assert.Equal(kind, LineKinds.Of(name, type).ToString());

    [Theory]
    [InlineData(Role.Agent, nameof(LineKind.Tunnel), "KH", NetworkGuard.Vpn)]
    [InlineData(Role.Agent, nameof(LineKind.Fixed), "TH", NetworkGuard.OtherCountry)]
    [InlineData(Role.Agent, nameof(LineKind.Fixed), "KH", "")]
    [InlineData(Role.Agent, nameof(LineKind.Fixed), "", "")]
    [InlineData(Role.Control, nameof(LineKind.Tunnel), "DE", "")]
    public void A_volunteer_is_quiet_abroad_and_in_a_tunnel(Role role, string line, string cc, string pause) =>
        Assert.Equal(pause, NetworkGuard.Judge(new Enrollment { Cc = "KH", Role = role }, Enum.Parse<LineKind>(line), new Origin(1, cc)));

    Budget MakeBudget(TrafficMeter traffic) =>
        new(new BudgetOptions(), new StateFile<Spent>(_directory, _key, "spent", Spent.Parser), traffic, _time);

    History MakeHistory(int days) => new(_directory, _key, new MeasurementOptions { HistoryDays = days }, _time);

    HistoryEntry Entry(string input) => new() { Input = input, Time = _time.GetUtcNow().ToUnixTimeSeconds() };
}
