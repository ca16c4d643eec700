using System.Net.Sockets;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Tests.Probes;
using Xunit;

namespace ProbeNet.Agent.Tests.Measurements;

public sealed class ThrottleTests
{
    [Fact]
    public async Task A_page_that_comes_slowly_is_compared_with_an_innocuous_name_a_reference_and_itself()
    {
        var times = new WebTimes { Connect = TimeSpan.FromSeconds(1), Handshake = TimeSpan.FromSeconds(1), Request = TimeSpan.FromSeconds(4), SecondReply = TimeSpan.FromMilliseconds(30) };
        await using var world = new TestWorld(times: times);
        world.Names["site.test"] = [world.Address(1)];
        world.Names["innocuous.test"] = [world.Address(2)];
        world.Serve(1, 80, Paced);
        world.Serve(2, 80, Paced);

        var (facts, _, _) = await world.MeasureAsync("http://site.test/");

        Assert.Equal(["", "innocuous", "reference", "target"], facts.Http.Select(one => one.Arm));
        Assert.Equal(["http://site.test/", "http://innocuous.test/", "http://innocuous.test/", "http://site.test/"], facts.Http.Select(one => one.Url));
        var rates = facts.Http.Select(one => one.Received * 1e6 / Math.Max(1, one.StartedUs + one.DurationUs - one.FirstByteUs)).ToArray();
        Assert.InRange(rates[0], 1, 40_000);
        Assert.InRange(rates[3], 1, 40_000);
        Assert.True(rates[1] > 100_000 && rates[2] > 100_000, string.Join(' ', rates));
        Assert.True(facts.Http[0].Samples.Count >= 2);
        Assert.True(facts.Http[0].Samples.Zip(facts.Http[0].Samples.Skip(1)).All(pair => pair.First.AtUs < pair.Second.AtUs && pair.First.Bytes <= pair.Second.Bytes));
    }

    [Fact]
    public async Task A_page_that_comes_at_once_is_fetched_once()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 80, ScriptedServer.Http(ScriptedServer.Response("200 OK", new string('x', 30_000))));
        var (facts, _, _) = await world.MeasureAsync("http://site.test/");
        Assert.True(Assert.Single(facts.Http).Received > 30_000);
    }

    // 24 kB at 12 kB/s for one name, at once for another.
    static async Task Paced(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        var slow = System.Text.Encoding.ASCII.GetString(buffer, 0, read).Contains("Host: site.test", StringComparison.Ordinal);
        await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 24000\r\n\r\n"u8.ToArray(), SocketFlags.None, cancellationToken);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var sent = 0; sent < 24_000; sent += 1200)
        {
            if (slow)
                await pace.WaitForNextTickAsync(cancellationToken);
            await socket.SendAsync(new byte[1200], SocketFlags.None, cancellationToken);
        }
        socket.Shutdown(SocketShutdown.Send);
        await ScriptedServer.Silence(socket, cancellationToken);
    }
}
