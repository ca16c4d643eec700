using System.Net;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

public sealed class ControlTaskTests
{
    const string Site = "https://www.news.example/";
    const string Edge = "8.44.1.1";

    [Fact]
    public async Task An_address_that_only_volunteers_got_is_asked_for_once_until_a_control_has_tried_it()
    {
        const string wishes = "select coalesce(string_agg(input || ' ' || encode(address, 'hex'), ',' order by input, address), '') from control_wish";
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(Site));
        await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(Site));
        await ground.SeesAsync(ground.Volunteer(1), Page.Reached(Site).System(Edge).Connects(Edge));
        await ground.SeesAsync(ground.Volunteer(2), Page.Reached(Site).System(Edge, "192.168.1.1").Connects(Edge).Connects("192.168.1.1"));
        await ground.SettleAsync();
        // One wish for two homes, nothing of a home's own address, nothing that controls know.
        Assert.Equal($"{Site} 082c0101", await ground.Store.ReadAsync<string>(wishes));

        await ground.Store.ReadAsync<long>("with gone as (delete from control_wish returning 1) select count(*) from gone");
        await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(Site).Connects(Edge));
        await ground.SeesAsync(ground.Volunteer(3), Page.Reached(Site).System(Edge).Connects(Edge));
        await ground.SettleAsync();
        Assert.Equal("", await ground.Store.ReadAsync<string>(wishes));
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_asked_for_without_an_address()
    {
        const string wishes = "select coalesce(string_agg(input || ' ' || encode(address, 'hex'), ','), '') from control_wish";
        await using var ground = await AnalysisGround.OnPostgresAsync();
        await ground.SeesAsync(ground.Volunteer(1), new Page(Site).SystemFails(FailureCodes.DnsNxdomain));
        await ground.SettleAsync();
        Assert.Equal($"{Site} ", await ground.Store.ReadAsync<string>(wishes));
    }

    [Fact]
    public async Task A_control_gets_the_addresses_and_a_volunteer_nothing()
    {
        await using var collector = await RunningCollector.StartAsync();
        await collector.ReadAsync<string>(
            "insert into list_release (list, version, signed, target_cc, target_asn, entries, released, expires) values ('kh', 1, '', '{}', '{}', 1, current_date, current_date + 30) returning list");
        await collector.ReadAsync<string>("insert into rollout (list, version, state, stage, stage_since) values ('kh', 1, 'complete', 4, now()) returning list");
        await collector.ReadAsync<string>($"insert into control_wish (input, address, asked) values ('{Site}', '\\x082c0101', date_trunc('minute', now())), ('{Site}', '\\x082c0102', date_trunc('minute', now())) returning input");
        await collector.ReadAsync<long>("update fleet_revision set revision = revision + 1 returning revision");
        await collector.SeesAsync(fleet => fleet.Wishes.Count == 1 && fleet.Releases.Count == 1);

        var (control, controls) = await TestSession.EnrolAsync(collector, await collector.InviteAsync(role: Role.Control));
        using (control)
        using (var session = await TestSession.WelcomedAsync(collector, control, controls.Certificate))
        {
            Assert.Equal(CollectorMessage.MessageOneofCase.List, (await session.NextAsync()).MessageCase);
            var task = (await session.NextAsync()).Task;
            Assert.Equal(("kh", Site), (task.List, task.Input));
            Assert.Equal([Edge, "8.44.1.2"], task.Addresses.Select(bytes => new IPAddress(bytes.Span).ToString()));
            Assert.InRange(task.Expires - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), 3000, 3600);

            // Half an hour later the same is a new question, and a name alone is one too.
            await collector.ReadAsync<string>($"update control_wish set asked = asked + interval '1 minute' returning input");
            await collector.ReadAsync<string>($"insert into control_wish (input, address, asked) values ('{Site}gone', '', date_trunc('minute', now())) returning input");
            await collector.ReadAsync<long>("update fleet_revision set revision = revision + 1 returning revision");
            var again = (await session.NextAsync()).Task;
            Assert.Equal((Site, 2), (again.Input, again.Addresses.Count));
            Assert.NotEqual(task.Id, again.Id);
            var alone = (await session.NextAsync()).Task;
            Assert.Equal(($"{Site}gone", 0), (alone.Input, alone.Addresses.Count));
        }
        var (volunteer, volunteers) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using (volunteer)
        using (var session = await TestSession.WelcomedAsync(collector, volunteer, volunteers.Certificate))
        {
            Assert.Equal(CollectorMessage.MessageOneofCase.List, (await session.NextAsync()).MessageCase);
            await session.SendAsync(new() { Batch = new Envelope() });
            // The answer to what was sent comes next: no task was before it.
            Assert.Equal(CollectorMessage.MessageOneofCase.Receipt, (await session.NextAsync()).MessageCase);
        }
    }
}
