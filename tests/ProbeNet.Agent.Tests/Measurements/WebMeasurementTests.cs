using System.Net;
using System.Net.Sockets;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.Tests.Probes;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Measurements;

public sealed class WebMeasurementTests
{
    const string Page = "<html><head><title>A page</title></head><body>Some words to read here</body></html>";

    static readonly string[] Echoed = ["203.0.113.77", "88123456", "012 345 678", "555666777"];

    [Fact]
    public async Task A_page_over_https_is_measured_at_every_layer()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 443, ScriptedServer.Https(TestAuthority.Valid("site.test"), _ => ScriptedServer.Response("200 OK", Page, "Server: scripted")));

        var (facts, certificates, _) = await world.MeasureAsync("https://site.test/");

        Assert.Equal(["A", "AAAA", "HTTPS"], facts.Dns.Select(query => query.QueryType).Order(StringComparer.Ordinal));
        var address = facts.Dns.Single(query => query.QueryType == "A");
        Assert.Equal(FailureCodes.None, address.Failure);
        Assert.Equal(FailureCodes.DnsNoAnswer, facts.Dns.Single(query => query.QueryType == "AAAA").Failure);
        Assert.True(address.Replies[0].Edns);
        Assert.Equal(64u, address.Replies[0].IpTtl);
        Assert.Equal(FailureCodes.None, Assert.Single(facts.Tcp).Failure);
        var handshake = Assert.Single(facts.Tls);
        Assert.Equal(("", "TLSv1.3", "http/1.1", "site.test"), (handshake.Failure, handshake.Version, handshake.Alpn, handshake.ServerName));
        Assert.NotEmpty(handshake.CipherSuite);
        Assert.Equal(handshake.Chain.Count, certificates.Count);
        var exchange = Assert.Single(facts.Http);
        Assert.Equal(("", 200u, "A page", (uint)Page.Length), (exchange.Failure, exchange.Status, exchange.Title, exchange.BodyLength));
        Assert.Equal("scripted", Assert.Single(exchange.Headers).Value);
        Assert.Equal(32, exchange.BodySha256.Length);
        Assert.NotEqual(0ul, exchange.BodySimhash);
        Assert.True(world.Traffic.Total > 2000);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_ends_at_dns()
    {
        await using var world = new TestWorld();
        var (facts, _, _) = await world.MeasureAsync("https://nowhere.test/");
        Assert.All(facts.Dns, query => Assert.Equal(FailureCodes.DnsNxdomain, query.Failure));
        Assert.Empty(facts.Tcp);
    }

    [Fact]
    public async Task A_silent_resolver_is_asked_twice_and_no_more()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        await using var silent = new ScriptedDns((_, _) => []);
        var plan = TestWorld.Plan with { Resolvers = [TestWorld.Second($"udp://{silent.EndPoint}")] };
        var (facts, _, _) = await world.MeasureAsync("https://site.test/", plan);
        Assert.Equal(4, facts.Dns.Count);
        Assert.All(facts.Dns, query => Assert.Equal(FailureCodes.GenericTimeout, query.Failure));
        Assert.Equal(2, facts.Dns.Count(query => query.Attempt == 1));
    }

    [Fact]
    public async Task A_forged_reply_and_the_true_one_are_both_recorded_and_both_addresses_tried()
    {
        await using var world = new TestWorld();
        await using var racing = new ScriptedDns((name, type) => type == 1
            ?
            [
                ScriptedDns.Reply(name, type, 0, edns: false, world.Address(9)),
                ScriptedDns.Reply(name, type, 0, edns: true, world.Address(1)),
            ]
            : [ScriptedDns.Reply(name, type, 0, edns: true)]);
        world.Serve(1, 80, ScriptedServer.Http(ScriptedServer.Response("200 OK", Page)));
        var plan = TestWorld.Plan with { Resolvers = [TestWorld.Second($"udp://{racing.EndPoint}")] };

        var (facts, _, _) = await world.MeasureAsync("http://site.test/", plan);

        var replies = facts.Dns.Single(query => query.QueryType == "A").Replies;
        Assert.Equal([false, true], replies.Select(reply => reply.Edns));
        Assert.Equal(2, facts.Tcp.Count);
        Assert.Equal(FailureCodes.ConnectionRefused, facts.Tcp.Single(one => Last(one) == 9).Failure);
        Assert.Equal(200u, Assert.Single(facts.Http).Status);
    }

    [Fact]
    public async Task An_address_that_runs_no_resolver_is_asked_once_and_its_answer_is_not_tried()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 80, ScriptedServer.Http(ScriptedServer.Response("200 OK", Page)));
        await using var injector = new ScriptedDns(
            (name, type) => [ScriptedDns.Reply(name, type, 0, edns: false, world.Address(9))], ProbeNet.Agent.Probes.ProbeSockets.DnsPort, world.Address(7));
        var plan = TestWorld.Plan with { NonResolver = IPAddress.Parse(world.Address(7)) };

        var (facts, _, _) = await world.MeasureAsync("http://site.test/", plan);

        var query = facts.Dns.Single(one => one.Resolver == ResolverNames.NonResolver);
        Assert.Equal(("udp", 1), (query.Engine, query.Replies.Count));
        Assert.Equal(1, injector.Asked);
        Assert.Equal(IPAddress.Parse(world.Address(1)).GetAddressBytes(), Assert.Single(facts.Tcp).Address);
    }

    [Fact]
    public async Task A_reset_on_the_name_is_compared_with_an_innocuous_name_after_the_wait()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        var certificate = TestAuthority.Valid("innocuous.test");
        world.Serve(1, 443, ScriptedServer.Https(name => name == "site.test" ? null : certificate, _ => ""));

        var (facts, _, _) = await world.MeasureAsync("https://site.test/");

        Assert.Equal(["", "innocuous", "target"], facts.Tls.Select(one => one.Arm));
        Assert.Equal([FailureCodes.ConnectionReset, "", FailureCodes.ConnectionReset], facts.Tls.Select(one => one.Failure));
        Assert.Empty(facts.Http);
        Assert.True(facts.Tls[1].StartedUs - facts.Tls[0].StartedUs > 50_000);
    }

    [Fact]
    public async Task In_clear_text_the_host_is_compared_after_the_wait()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 80, async (socket, cancellationToken) =>
        {
            var buffer = new byte[4096];
            var read = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            if (System.Text.Encoding.ASCII.GetString(buffer, 0, read).Contains("Host: site.test", StringComparison.Ordinal))
            {
                socket.LingerState = new LingerOption(true, 0);
                return;
            }
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(ScriptedServer.Response("404 Not Found", "no such site")), SocketFlags.None, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
            await ScriptedServer.Silence(socket, cancellationToken);
        });

        var (facts, _, _) = await world.MeasureAsync("http://site.test/");

        Assert.Equal(["", "innocuous", "target"], facts.Http.Select(one => one.Arm));
        Assert.Equal([FailureCodes.ConnectionReset, "", FailureCodes.ConnectionReset], facts.Http.Select(one => one.Failure));
        Assert.True(facts.Http[1].StartedUs - facts.Http[0].StartedUs > 50_000);
    }

    [Fact]
    public async Task Where_the_wait_does_not_fit_the_comparison_is_owed_and_the_address_left_alone()
    {
        await using var world = new TestWorld(new ProbesOptions { ResidualWait = TimeSpan.FromMinutes(3) });
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 443, ScriptedServer.Https(_ => null, _ => ""));

        var first = await world.MeasureAsync("https://site.test/");
        var second = await world.MeasureAsync("https://site.test/");

        Assert.Single(first.Facts.Tls);
        Assert.NotNull(first.Later);
        Assert.Empty(second.Facts.Tcp);
        Assert.Null(second.Later);
        Assert.Contains("residual_wait", second.Facts.Limitations);
        Assert.NotEqual(TimeSpan.Zero, world.Residual.Remaining(IPEndPoint.Parse($"{world.Address(1)}:443")));
    }

    [Fact]
    public async Task An_invalid_certificate_is_recorded_whole_and_nothing_is_asked_over_it()
    {
        await using var world = new TestWorld();
        var asked = 0;
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 443, ScriptedServer.Https(TestAuthority.SelfSigned("site.test"), _ =>
        {
            asked++;
            return ScriptedServer.Response("200 OK", Page);
        }));

        var (facts, certificates, _) = await world.MeasureAsync("https://site.test/");

        Assert.Equal(FailureCodes.SslUnknownAuthority, Assert.Single(facts.Tls).Failure);
        Assert.Single(certificates);
        Assert.Empty(facts.Http);
        Assert.Equal(0, asked);
    }

    [Theory]
    [InlineData("192.168.1.1")]
    [InlineData("10.10.34.34")]
    [InlineData("127.0.0.1")]
    [InlineData("100.64.3.4")]
    [InlineData("169.254.1.1")]
    public async Task An_answer_inside_the_home_is_recorded_and_nothing_is_sent_there(string answer)
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [answer];
        var (facts, _, _) = await world.MeasureAsync("http://site.test/");
        Assert.Equal(IPAddress.Parse(answer).GetAddressBytes(), facts.Dns[0].Replies[0].Answers[0].Address);
        Assert.Empty(facts.Tcp);
        Assert.Empty(facts.Http);
    }

    [Fact]
    public async Task Redirects_are_followed_within_the_domain_and_to_consented_hosts_only()
    {
        await using var world = new TestWorld();
        foreach (var name in new[] { "site.test", "www.site.test", "listed.example", "other.example" })
            world.Names[name] = [world.Address(1)];
        world.Serve(1, 80, ScriptedServer.Http(head => Redirects(head)));
        var plan = TestWorld.Plan with { Consented = host => host == "listed.example" };

        var (facts, _, _) = await world.MeasureAsync("http://site.test/", plan);

        Assert.Equal(
            ["http://site.test/", "http://www.site.test/a", "http://listed.example/b"], facts.Http.Select(exchange => exchange.Url));
        Assert.Equal("http://www.site.test/a", facts.Http[0].Location);
        Assert.Equal(("http://other.example/c", RedirectRule.ForeignHost), (facts.Http[2].Location, facts.Http[2].NotFollowed));

        static string Redirects(string head) => ScriptedServer.Response("302 Found", "", "Location: " + head switch
        {
            var h when h.Contains("Host: site.test", StringComparison.Ordinal) => "http://www.site.test/a?visitor=12",
            var h when h.Contains("Host: www.site.test", StringComparison.Ordinal) => "http://listed.example/b",
            _ => "http://other.example/c?user=5",
        });
    }

    [Fact]
    public async Task A_redirect_into_the_home_is_noted_and_not_followed()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 80, ScriptedServer.Http(ScriptedServer.Response("302 Found", "", "Location: http://192.168.1.1/login")));
        var (facts, _, _) = await world.MeasureAsync("http://site.test/");
        var exchange = Assert.Single(facts.Http);
        Assert.Equal(RedirectRule.NotPublic, exchange.NotFollowed);
        Assert.DoesNotContain("192.168.1.1", exchange.Location);
    }

    [Fact]
    public async Task Ten_hops_are_followed_and_the_eleventh_is_not()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        var hop = 0;
        world.Serve(1, 80, ScriptedServer.Http(_ => ScriptedServer.Response("302 Found", "", $"Location: /{Interlocked.Increment(ref hop)}")));
        var (facts, _, _) = await world.MeasureAsync("http://site.test/");
        Assert.Equal(11, facts.Http.Count);
        Assert.Equal(RedirectRule.TooMany, facts.Http[^1].NotFollowed);
    }

    [Fact]
    public async Task A_page_that_echoes_the_visitor_keeps_nothing_of_it()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        const string Echo = "<title>Blocked: 203.0.113.77, account 88123456</title> phone 012 345 678, line 203.0.113.77";
        world.Serve(1, 80, ScriptedServer.Http(ScriptedServer.Response("403 Forbidden", Echo, "Via: 203.0.113.77 proxy 555666777")));
        var scrubber = new Scrubber([IPAddress.Parse("203.0.113.77")]);

        var (facts, certificates, _) = await world.MeasureAsync("http://site.test/", scrubber: scrubber);

        Assert.True(FactsScrubber.TryScrub(facts, certificates, scrubber, out var scrubbed));
        var text = scrubbed.ToString();
        Assert.All(Echoed, secret => Assert.DoesNotContain(secret, text));
        Assert.Equal("Blocked: [scrubbed], account [scrubbed]", scrubbed.Http[0].Title);
    }

    [Fact]
    public async Task A_blockpage_of_the_list_is_named_and_its_redirect_followed_once()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        world.Names["block.example"] = [world.Address(2)];
        world.Serve(1, 80, ScriptedServer.Http(ScriptedServer.Response("302 Found", "", "Location: http://block.example/why?ip=1")));
        world.Serve(2, 80, ScriptedServer.Http(ScriptedServer.Response("200 OK", "<title>Stop</title>This site is blocked by order")));
        var plan = TestWorld.Plan with
        {
            Fingerprints = new Fingerprints(
            [
                new BlockpageFingerprint { Name = "b1", Location = "header.location", PatternType = "prefix", Pattern = "http://block.example/" },
                new BlockpageFingerprint { Name = "b2", Location = "body", PatternType = "regexp", Pattern = "blocked by (law|order)" },
            ]),
        };
        var (facts, _, _) = await world.MeasureAsync("http://site.test/", plan);
        Assert.Equal(["b1", "b2"], facts.Http.SelectMany(exchange => exchange.Fingerprints));
        Assert.Equal("http://block.example/why", facts.Http[1].Url);
    }

    [Fact]
    public async Task References_say_at_which_layer_they_failed_and_a_name_is_made_of_words()
    {
        await using var world = new TestWorld();
        world.Names["up.test"] = [world.Address(1)];
        world.Names["closed.test"] = [world.Address(2)];
        world.Serve(1, 443, ScriptedServer.Https(TestAuthority.Valid("up.test"), _ => ScriptedServer.Response("200 OK", Page)));
        var plan = new CheckPlan(["https://up.test/", "https://closed.test/", "https://missing.test/"], ["sun", "tree", "river"]);

        var check = await world.Checks.GetAsync(plan, "a network", TestContext.Current.CancellationToken);

        Assert.Equal(("", ""), Outcome(check, "https://up.test/"));
        Assert.Equal(("tcp", FailureCodes.ConnectionRefused), Outcome(check, "https://closed.test/"));
        Assert.Equal(("dns", FailureCodes.DnsNxdomain), Outcome(check, "https://missing.test/"));
        Assert.Equal(FailureCodes.DnsNxdomain, check.Nonexistent.Failure);
        Assert.Matches("^((sun|tree|river){3})\\.(com|net|org)$", check.Nonexistent.Hostname);
        Assert.Same(check, await world.Checks.GetAsync(plan, "a network", TestContext.Current.CancellationToken));
        Assert.NotSame(check, await world.Checks.GetAsync(plan, "another", TestContext.Current.CancellationToken));
    }

    static (string, string) Outcome(NetworkCheck check, string input) =>
        check.References.Where(one => one.Input == input).Select(one => (one.Layer, one.Failure)).Single();

    static byte Last(TcpConnect connect) => connect.Address[^1];
}
