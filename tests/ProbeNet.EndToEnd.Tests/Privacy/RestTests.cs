using System.Net;
using System.Runtime.Versioning;
using System.Text;
using ProbeNet.EndToEnd.Tests.Field;
using RabbitMQ.Client;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Privacy;

/// <summary>No address of a volunteer, of what a volunteer asks, or of a reader is at rest anywhere; and the search that says so finds one where it is.</summary>
[SupportedOSPlatform("linux")]
public sealed class RestTests
{
    /// <summary>Of a house whose people took no part.</summary>
    const string Planted = "11.2.3.10";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobodys_address_rests_anywhere_and_a_planted_one_is_found_in_each_place(bool withServers)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROBENET_FULL") == "1", "the long form: some minutes");
        await using var lived = await LivedInCountry.LiveAsync(withServers);
        var addresses = await lived.Country.Lab.Addresses();
        Assert.Contains(addresses, one => one.Address == Planted && one.Kind == "line");
        var search = new AddressSearch(addresses.Select(one => IPAddress.Parse(one.Address)).Distinct());
        foreach (var (_, folder) in lived.Places)
            Assert.Empty(search.BeyondChance(search.In(folder)));
        Assert.Empty(Directory.EnumerateFiles(lived.Country.Folder, "core*", SearchOption.AllDirectories));

        await PlantAsync(lived);
        foreach (var (name, folder) in lived.Places)
            Assert.True(search.BeyondChance(search.In(folder)).Any(sighting => sighting.Address.ToString() == Planted), $"not found in the {name}");
    }

    static async Task PlantAsync(LivedInCountry lived)
    {
        var country = lived.Country;
        // A group's name goes into the store, and from there into the backup.
        await country.InviteAsync("--group", Planted);
        await lived.BackUpAsync();
        await File.AppendAllTextAsync(Path.Combine(country.Logs, "collector.log"), $"{Planted} connected\n", Cancel);
        await File.WriteAllBytesAsync(Path.Combine(country.Made("home-echo"), "state", "planted"), [.. new byte[100], .. IPAddress.Parse(Planted).GetAddressBytes(), 1, 2, .. IPAddress.Parse(Planted).GetAddressBytes()], Cancel);
        await File.WriteAllTextAsync(Path.Combine(country.CollectorState, "planted"), Planted, Cancel);
        await CrashAsync(country);
        if (country.Broker is { } broker)
            await PublishAsync(broker.ConnectionString);
    }

    /// <summary>A program that lets its memory be written down; where the system has dumps taken elsewhere, what it would have written.</summary>
    static async Task CrashAsync(InhabitedCountry country)
    {
        await country.TryRunAsync("collector", InhabitedCountry.InFolder(country.Crashes, ["sh", "-c", "kill -ABRT $$", "sh", Planted]), new Dictionary<string, string>());
        if (!Directory.EnumerateFiles(country.Crashes, "core*").Any())
            await File.WriteAllTextAsync(Path.Combine(country.Crashes, "core"), Planted, Cancel);
    }

    static async Task PublishAsync(string broker)
    {
        await using var connection = await new ConnectionFactory { Uri = new(broker) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        var queue = await channel.QueueDeclareAsync("planted", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancel);
        await channel.BasicPublishAsync("", queue.QueueName, mandatory: true, new BasicProperties { Persistent = true }, Encoding.ASCII.GetBytes(Planted), Cancel);
    }
}
