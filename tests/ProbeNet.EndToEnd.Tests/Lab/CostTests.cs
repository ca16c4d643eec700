using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Topology;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>What `measure --cost` says a measurement costs, against what the line carried.</summary>
[SupportedOSPlatform("linux")]
public sealed class CostTests : IDisposable
{
    const int Pages = 6, EthernetHeader = 14;
    const double MostOff = 0.15;
    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("probenet-cost-");

    [Theory]
    [InlineData("alfa-1")]
    [InlineData("delta-1")]
    public async Task What_measuring_is_said_to_cost_is_what_the_line_carried(string host)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROBENET_FULL") == "1", "the long form: a line of its own");
        await using var lab = await LabProcess.Start();
        await lab.RemoveRules();
        var inputs = Country.Load("country").Inputs[..Pages];
        // The counters of the host's only line, before and after.
        string[] command = ["sh", "-c", "cat /proc/net/dev; \"$0\" \"$@\"; cat /proc/net/dev", BuiltPrograms.Agent, "measure", "--accept-risks", "--json", "--cost", .. inputs];
        var output = Path.Combine(_home.FullName, "output");
        await lab.Wait(await lab.Run(host, command, Settings(), output));
        var lines = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        var cost = JsonDocument.Parse(lines.Single(line => line.Contains("megabytes_a_day", StringComparison.Ordinal))).RootElement;
        var counted = lines.Where(line => line.Contains("-router:", StringComparison.Ordinal)).Select(Counters).ToArray();
        var (bytes, packets) = (counted[1].Bytes - counted[0].Bytes, counted[1].Packets - counted[0].Packets);
        bytes -= packets * EthernetHeader;

        double Said(string name) => cost.GetProperty(name).GetDouble();
        Assert.Equal(Pages, Said("measurements"));
        Assert.InRange(Said("bytes") * Pages, bytes * (1 - MostOff), bytes * (1 + MostOff));
        Assert.InRange(Said("packets") * Pages, packets * (1 - MostOff), packets * (1 + MostOff));
        Assert.InRange(Said("seconds"), 0.1, 30);
        Assert.InRange(Said("processor_ms"), 1, 30_000);
        // Without a list the default schedule allows one start a minute.
        Assert.Equal(1440, Said("measurements_a_day"));
        Assert.Equal(Said("bytes") * 1440 / 1e6, Said("megabytes_a_day"), 0.1);
    }

    public void Dispose() => _home.Delete(recursive: true);

    Dictionary<string, string> Settings() => new()
    {
        ["HOME"] = _home.FullName,
        ["PROBENET_Agent__StateDirectory"] = Path.Combine(_home.FullName, "state"),
        ["PROBENET_Agent__Resolvers__0"] = "system",
        ["PROBENET_Agent__Resolvers__1"] = "udp://11.208.8.8",
        ["PROBENET_Agent__Resolvers__2"] = "https://dns.example/dns-query#11.208.8.8",
        ["PROBENET_Agent__NonResolver"] = "11.204.20.10",
        ["PROBENET_Agent__References__0"] = "https://weatherdesk.example/",
        ["PROBENET_Agent__References__1"] = "https://openatlas.example/",
        ["PROBENET_Agent__References__2"] = "https://songcatalogue.example/",
    };

    // proc_pid_net(5): what came in is the first eight columns, what went out the next.
    static (long Bytes, long Packets) Counters(string line)
    {
        long[] columns = [.. line.Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(column => long.Parse(column, CultureInfo.InvariantCulture))];
        return (columns[0] + columns[8], columns[1] + columns[9]);
    }
}
