using System.Diagnostics;
using System.Globalization;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.TestLists;

namespace ProbeNet.Agent.Service.Output;

/// <summary>What measurements cost this machine and its line, the check of the network before them included.</summary>
sealed class CostMeter(TrafficMeter traffic, TimeProvider time)
{
    // A round takes between 60 and 90 % of the inputs.
    const double UsualShare = 0.75;

    readonly (long Bytes, long Packets) _before = (traffic.Total, traffic.Packets);
    readonly TimeSpan _processor = Process.GetCurrentProcess().TotalProcessorTime;
    readonly long _began = time.GetTimestamp();
    int _count;

    public void Count() => _count++;

    public string Report(ScheduleOptions schedule, TestListSnapshot? list, bool json)
    {
        var each = Math.Max(1, _count);
        var bytes = (traffic.Total - _before.Bytes) / (double)each;
        var packets = (traffic.Packets - _before.Packets) / (double)each;
        var seconds = time.GetElapsedTime(_began).TotalSeconds / each;
        var processor = (Process.GetCurrentProcess().TotalProcessorTime - _processor).TotalMilliseconds / each;
        var daily = ADay(schedule, list);
        var megabytes = bytes * daily / 1e6;
        return json
            ? string.Create(CultureInfo.InvariantCulture, $"{{\"measurements\":{_count},\"bytes\":{bytes:F0},\"packets\":{packets:F0},\"seconds\":{seconds:F2},\"processor_ms\":{processor:F0},\"measurements_a_day\":{daily},\"megabytes_a_day\":{megabytes:F1}}}")
            : string.Create(CultureInfo.InvariantCulture, $"a measurement, mean of {_count}: {bytes / 1000:F1} kB in {packets:F0} packets, {seconds:F1} s, {processor:F0} ms of processor; {daily} of them a day: {megabytes:F1} MB");
    }

    // No more than the rate lets start; as many as the list in force asks for, where there is one.
    static long ADay(ScheduleOptions schedule, TestListSnapshot? list)
    {
        var most = schedule.Rate * 24 * 60;
        if (list is null)
            return (long)most;
        var priority = Math.Min(Schedule.MostPriority, list.List.Entries.Count(entry => entry.Priority));
        var share = schedule.Share ?? UsualShare;
        var wanted = share * (priority * (TimeSpan.FromDays(1) / schedule.Interval) + (list.List.Entries.Count - priority) * (TimeSpan.FromDays(1) / schedule.OtherInterval));
        return (long)Math.Min(most, wanted);
    }
}
