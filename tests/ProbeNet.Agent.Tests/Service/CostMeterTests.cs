using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Service.Output;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.Service;

public sealed class CostMeterTests
{
    [Fact]
    public void A_days_megabytes_follow_from_the_mean_and_the_schedule()
    {
        var traffic = new TrafficMeter();
        var time = new FakeTimeProvider();
        traffic.Datagram(5_000);
        var meter = new CostMeter(traffic, time);
        for (var i = 0; i < 2; i++)
        {
            meter.Count();
            traffic.Stream(28_000);
            traffic.Datagram(72);
            time.Advance(TimeSpan.FromSeconds(4));
        }
        var list = new TestList();
        list.Entries.AddRange(Enumerable.Range(0, 100).Select(i => new ListEntry { Input = $"https://s{i}.example/", Priority = i < 20 }));

        var report = JsonDocument.Parse(meter.Report(new ScheduleOptions { Share = 0.5 }, new TestListSnapshot(list), json: true)).RootElement;

        // 20 segments of 1400 with 52 bytes of headers, 10 acknowledgements of 52, and a datagram of 100.
        Assert.Equal((2, 29_660, 31, 4.0), (report.GetProperty("measurements").GetInt32(), report.GetProperty("bytes").GetInt32(), report.GetProperty("packets").GetInt32(), report.GetProperty("seconds").GetDouble()));
        Assert.Equal(280, report.GetProperty("measurements_a_day").GetInt32());
        Assert.Equal(8.3, report.GetProperty("megabytes_a_day").GetDouble());
        Assert.Contains("1440 of them a day", meter.Report(new ScheduleOptions(), null, json: false), StringComparison.Ordinal);
    }
}
