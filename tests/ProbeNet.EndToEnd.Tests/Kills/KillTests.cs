using Npgsql;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Kills;

/// <summary>What was produced is what is stored, whoever is killed and when.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    static readonly int Rounds = Environment.GetEnvironmentVariable("PROBENET_FULL") is null ? 1 : 10;

    [Fact]
    public async Task Over_kills_in_every_window_the_ids_stored_are_the_ids_produced()
    {
        await using var ground = await KillGround.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var kill in Kill.All)
            {
                await ground.SufferAsync(kill, after: 1 + (round * 3 % 7));
                output.WriteLine($"{kill.Victim} killed at {kill.Window}");
            }
        }

        var produced = await ground.FinishAsync();
        await using var store = NpgsqlDataSource.Create(ground.Store);
        var stored = new List<string>();
        await using (var command = store.CreateCommand("select uid::text from measurement_all"))
        {
            await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await rows.ReadAsync(TestContext.Current.CancellationToken))
                stored.Add(rows.GetString(0));
        }
        output.WriteLine($"{Rounds * Kill.All.Count} kills, {produced.Count} produced, {stored.Count} stored");

        Assert.NotEmpty(produced);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(produced.Except(stored));
        Assert.Empty(stored.Except(produced));
        Assert.Equal(0L, await ScalarAsync(store, "select count(*) from batch where fork"));
        Assert.Equal(0L, await ScalarAsync(store, "select count(*) from parked"));
    }

    static async Task<long> ScalarAsync(NpgsqlDataSource store, string sql)
    {
        await using var command = store.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
