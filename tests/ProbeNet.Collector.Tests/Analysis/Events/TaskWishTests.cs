using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>From measurements to what volunteers are to be asked for, on PostgreSQL.</summary>
public sealed class TaskWishTests
{
    const string Wishes = "select coalesce(string_agg(target || ' ' || asn || ' ' || wanted || ' ' || cardinality(heard), ','), '') from task_wish";

    [Fact]
    public async Task What_one_home_saw_is_asked_of_two_others_until_they_have_looked()
    {
        await using var country = await BlockedCountry.CreateAsync(now: BlockedCountry.Start.AddHours(2));
        await country.ReachedAsync(-6, 0);
        await country.Ground.SettleAsync();
        Assert.Equal("", await country.Ground.Store.ReadAsync<string>(Wishes));

        var revision = await RevisionAsync(country);
        await country.DeniedAsync(0, 1.0 / 3, country.Homes[0]);
        await country.Ground.SettleAsync();
        Assert.Equal($"{InventedCountry.Host} 64501 2 1", await country.Ground.Store.ReadAsync<string>(Wishes));
        Assert.True(await RevisionAsync(country) > revision);
        // A twelfth of an hour at least, an hour at most.
        Assert.InRange(await country.Ground.Store.ReadAsync<double>("select extract(epoch from due)::float8 from task_wish") - BlockedCountry.Start.AddHours(2).ToUnixTimeSeconds(), 300, 3600);

        await country.ReachedAsync(1.0 / 3, 2, country.Homes[1], country.Homes[2]);
        await country.Ground.SettleAsync();
        Assert.Equal("", await country.Ground.Store.ReadAsync<string>(Wishes));
    }

    [Fact]
    public async Task Once_it_is_an_onset_the_question_is_whether_it_lasts_and_then_there_is_none()
    {
        await using var country = await BlockedCountry.CreateAsync(now: BlockedCountry.Start.AddHours(1));
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 1);
        Assert.Single(await country.EventsAsync());
        Assert.Equal($"{InventedCountry.Host} 64501 3 0", await country.Ground.Store.ReadAsync<string>(Wishes));
        Assert.True(await country.Ground.Store.ReadAsync<double>("select extract(epoch from due)::float8 from task_wish") >= BlockedCountry.Start.AddHours(2).ToUnixTimeSeconds() + 300);
        await country.DeniedAsync(1, 5);
        await country.Ground.SettleAsync();
        Assert.Equal("", await country.Ground.Store.ReadAsync<string>(Wishes));
    }

    [Fact]
    public async Task What_is_a_day_old_is_asked_of_nobody()
    {
        await using var country = await BlockedCountry.CreateAsync(now: BlockedCountry.Start.AddHours(25));
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 1.0 / 3, country.Homes[0]);
        await country.Ground.SettleAsync();
        Assert.Equal("", await country.Ground.Store.ReadAsync<string>(Wishes));
    }

    static Task<long> RevisionAsync(BlockedCountry country) => country.Ground.Store.ReadAsync<long>("select revision from fleet_revision");
}
