using System.Net;
using ProbeNet.Agent.Probes.Path;
using Xunit;

namespace ProbeNet.Agent.Tests.Probes.Hops;

public sealed class HeardTests
{
    [Fact]
    public async Task An_error_about_the_connection_before_this_one_is_not_taken_for_the_answer_to_this_one()
    {
        using var heard = new Heard(_ => { });
        heard.Take(Opening(5_001));
        heard.Take(Exceeded("11.2.0.2", 4_001));
        Assert.False(heard.Error.IsCompleted);
        heard.Take(Exceeded("11.3.0.2", 5_001));
        Assert.Equal(IPAddress.Parse("11.3.0.2"), (await heard.Error).From);
    }

    [Fact]
    public async Task An_error_that_is_heard_before_the_handshake_waits_for_it()
    {
        using var heard = new Heard(_ => { });
        heard.Take(Exceeded("11.2.0.2", 4_001));
        heard.Take(Exceeded("11.3.0.2", 5_001));
        Assert.False(heard.Error.IsCompleted);
        heard.Take(Opening(5_001));
        Assert.Equal(IPAddress.Parse("11.3.0.2"), (await heard.Error).From);
    }

    static IpPacket Opening(uint acknowledged) => new(RoutedNetwork.Server, 40_001, 443, 61, null, false, true, acknowledged);

    static IpPacket Exceeded(string router, uint about) => new(IPAddress.Parse(router), 40_001, 443, 63, IpPacket.TimeExceeded, false, false, about);
}
