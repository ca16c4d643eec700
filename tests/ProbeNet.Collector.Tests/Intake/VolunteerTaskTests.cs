using Google.Protobuf;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

/// <summary>Volunteers are asked to look again, over real sessions and a real store.</summary>
public sealed class VolunteerTaskTests : IDisposable
{
    const string Site = "https://www.news.example/";
    const string Page = "https://www.news.example/inquiry";

    readonly string _networks = Path.GetTempFileName();

    public VolunteerTaskTests() => File.WriteAllText(_networks, "127.0.0.0\t127.255.255.255\t64501\tKH\tAlfa Net\n");

    public void Dispose() => File.Delete(_networks);

    [Fact]
    public async Task A_volunteer_is_asked_for_an_entry_of_its_list_within_the_hour_and_for_no_address()
    {
        await using var collector = await StartAsync();
        await WishAsync(collector, "www.news.example");
        using var volunteer = await JoinAsync(collector);
        var task = (await volunteer.NextAsync()).Task;
        Assert.Equal(("kh", Site, "corroborate", 0), (task.List, task.Input, task.Reason, task.Addresses.Count));
        Assert.InRange(task.Expires - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), 3590, 3600);
        await AnswerAsync(volunteer, task, run: true);
        Assert.Equal((1, 1, 1), await StandAsync(collector));
        // A page is asked for where the page is in doubt, and what no list names never.
        await WishAsync(collector, Page, "www.elsewhere.example");
        task = (await volunteer.NextAsync()).Task;
        Assert.Equal(Page, task.Input);
        await SilentAsync(volunteer);
    }

    [Fact]
    public async Task Who_has_looked_is_not_asked_nor_who_says_its_network_itself_nor_who_was_set_aside()
    {
        await using var collector = await StartAsync();
        using var heard = await JoinAsync(collector);
        using var other = await JoinAsync(collector);
        using var unbound = await JoinAsync(collector, direct: false);
        using var aside = await JoinAsync(collector);
        await collector.ReadAsync<long>(Bumped($"insert into revocation (kind, subject, day) values ('quarantine', '\\x{Hex(aside.Unit)}', current_date)"));
        await WishAsync(collector, heard.Group, "www.news.example");
        Assert.Equal(Site, (await other.NextAsync()).Task.Input);
        await SilentAsync(heard, unbound, aside);
        Assert.Equal(1, await collector.ReadAsync<long>("select count(*) from task_given"));
    }

    [Fact]
    public async Task A_provider_is_asked_so_often_an_hour_and_the_next_home_after_a_wait()
    {
        await using var collector = await StartAsync("--Collector:Tasks:PerIspAndHour=1", "--Collector:Tasks:Spread=00:30:00");
        TestVolunteer[] volunteers = [await JoinAsync(collector), await JoinAsync(collector), await JoinAsync(collector)];
        await WishAsync(collector, "www.news.example", Page);
        // All three look at once; only one of them is asked, for one thing.
        await collector.UntilAsync("select count(*) from task_given", 1);
        await SilentAsync(volunteers, tasks: 1);
        Assert.Equal(1, await collector.ReadAsync<int>("select max(given) from task_hour"));
        Assert.Equal(1, await collector.ReadAsync<long>("select count(*) from task_wish where wanted = 1 and due between now() + interval '1 minute' and now() + interval '31 minutes'"));
        Assert.Equal(1, await collector.ReadAsync<long>("select count(*) from task_wish where wanted = 2"));
        foreach (var volunteer in volunteers)
            volunteer.Dispose();
    }

    [Fact]
    public async Task What_a_volunteer_does_not_take_another_is_asked()
    {
        await using var collector = await StartAsync();
        using var first = await JoinAsync(collector);
        await WishAsync(collector, "www.news.example");
        var task = (await first.NextAsync()).Task;
        Assert.Equal(1, await collector.ReadAsync<int>("select wanted from task_wish"));
        await AnswerAsync(first, task, run: false);
        await collector.UntilAsync("select wanted::bigint from task_wish", 2);
        using var second = await JoinAsync(collector);
        Assert.Equal(Site, (await second.NextAsync()).Task.Input);
        Assert.Equal(2, await collector.ReadAsync<long>("select count(distinct unit) from task_given"));
    }

    [Fact]
    public async Task Nobody_is_asked_for_more_than_ten_a_day()
    {
        await using var collector = await StartAsync();
        await collector.ReadAsync<long>(
            """
            with more as (insert into list_entry (list, version, position, input, target, category_code, priority, page)
                select 'kh', 1, 100 + n, 'https://site' || n || '.example/', 'site' || n || '.example', 'NEWS', false, false from generate_series(1, 12) n returning 1) select count(*) from more
            """);
        using var volunteer = await JoinAsync(collector);
        await WishAsync(collector, [.. Enumerable.Range(1, 12).Select(n => $"site{n}.example")]);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 10; i++)
            asked.Add((await volunteer.NextAsync()).Task.Input);
        Assert.Equal(10, asked.Count);
        await SilentAsync(volunteer);
    }

    async Task<RunningCollector> StartAsync(params string[] settings)
    {
        var collector = await RunningCollector.StartAsync([$"--Collector:AsnTable={_networks}", "--Collector:Tasks:Spread=00:00:00", "--Collector:Tasks:PerIspAndHour=1000", .. settings]);
        await collector.ReadAsync<string>(
            "insert into list_release (list, version, signed, target_cc, target_asn, entries, released, expires) values ('kh', 1, '', '{}', '{}', 2, current_date, current_date + 30) returning list");
        await collector.ReadAsync<string>("insert into rollout (list, version, state, stage, stage_since) values ('kh', 1, 'complete', 4, now()) returning list");
        await collector.ReadAsync<string>(
            $"""
            insert into list_entry (list, version, position, input, target, category_code, priority, page)
            values ('kh', 1, 0, '{Page}', 'www.news.example', 'NEWS', false, true), ('kh', 1, 1, '{Site}', 'www.news.example', 'NEWS', false, false) returning list
            """);
        await collector.ReadAsync<long>("update fleet_revision set revision = revision + 1 returning revision");
        await collector.SeesAsync(fleet => fleet.Releases.Count == 1);
        return collector;
    }

    static async Task<TestVolunteer> JoinAsync(RunningCollector collector, bool direct = true)
    {
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync(), request => request.Direct = direct);
        var session = await TestSession.WelcomedAsync(collector, key, enrolled.Certificate);
        Assert.Equal(CollectorMessage.MessageOneofCase.List, (await session.NextAsync()).MessageCase);
        return new(key, session, KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement));
    }

    static Task<long> WishAsync(RunningCollector collector, params string[] targets) => WishAsync(collector, ByteString.Empty, targets);

    static Task<long> WishAsync(RunningCollector collector, ByteString heard, params string[] targets) => collector.ReadAsync<long>(Bumped(
        "insert into task_wish (cc, host, target, asn, since, heard, wanted, due) values "
        + string.Join(", ", targets.Select(target => $"('KH', 'www.news.example', '{target}', 64501, now() - interval '1 minute', '{{\"\\\\x{Hex(heard)}\"}}', 2, now() - interval '1 second')"))));

    static string Bumped(string insert) => $"with new as ({insert} returning 1) update fleet_revision set revision = revision + (select count(*) from new) returning revision";

    static async Task AnswerAsync(TestVolunteer volunteer, Protos.V1.Task task, bool run) =>
        await volunteer.Session.SendAsync(new() { TaskOutcome = new() { Id = task.Id, Run = run } });

    static async Task<(long Given, int Hour, int Wanted)> StandAsync(RunningCollector collector) =>
        (await collector.ReadAsync<long>("select count(*) from task_given"), await collector.ReadAsync<int>("select given from task_hour"), await collector.ReadAsync<int>("select wanted from task_wish"));

    static Task SilentAsync(params TestVolunteer[] volunteers) => SilentAsync(volunteers, tasks: 0);

    // The answer to what is sent comes after whatever was said before it.
    static async Task SilentAsync(TestVolunteer[] volunteers, int tasks)
    {
        var came = 0;
        foreach (var volunteer in volunteers)
        {
            await volunteer.Session.SendAsync(new() { Batch = new Envelope() });
            while ((await volunteer.NextAsync()).MessageCase == CollectorMessage.MessageOneofCase.Task)
                came++;
        }
        Assert.Equal(tasks, came);
    }

    static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    sealed record TestVolunteer(Protos.Sealing.SigningKey Key, TestSession Session, KeyCertificate Certificate) : IDisposable
    {
        public ByteString Unit => Certificate.Unit;

        public ByteString Group => Certificate.Group;

        public Task<CollectorMessage> NextAsync() => Session.NextAsync();

        public void Dispose()
        {
            Session.Dispose();
            Key.Dispose();
        }
    }
}
