using System.Diagnostics;
using System.Text.Json;

namespace ProbeNet.Benchmarks.Fleet;

/// <summary>How fast a list reaches a fleet, comes back from it, and stops.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
static class FleetBenchmark
{
    const double Most = 0.95;
    const int Entries = 500;

    // One more than any agent takes.
    const int TooMany = 10_001;

    static readonly TimeSpan Emergency = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Back = TimeSpan.FromSeconds(120);
    static readonly TimeSpan Halt = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Staged = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await using var ground = await FleetGround.StartAsync(options, ct);
        Say($"{ground.Agents.Count:N0} agents have joined and stand, {watch.Elapsed.TotalSeconds:0} s after the start");
        var meters = ground.Processes.Select(process => new ProcessMeter(process.Name, process.Pid, tree: process.Name == "postgresql")).ToList();
        meters.ForEach(meter => meter.Begin());
        using var sampling = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sampler = ProcessMeter.SampleAsync(meters, sampling.Token);
        var began = Stopwatch.StartNew();

        var first = await ground.UntilAsync(Stopwatch.StartNew(), 1, 1, Emergency, ct);
        Say($"the first list is on {first.Have:N0}");
        await ground.RolloutAsync(1, IsIn("complete"), Halt, ct);

        var passed = await StagesAsync(ground, ct);
        var emergency = await SpreadAsync(ground, 3, () => ground.ReleaseAsync(Entries, "third", ct, "--emergency"), "an emergency list", Emergency, ct);
        await ground.RolloutAsync(3, IsIn("complete"), Halt, ct);
        var reverted = await SpreadAsync(ground, 4, () => ground.RevertAsync(ct), "the content before it", Back, ct);
        await ground.RolloutAsync(4, IsIn("complete"), Halt, ct);
        var halted = await HaltAsync(ground, ct);

        await sampling.CancelAsync();
        await sampler;
        foreach (var meter in meters)
            Say($"  {meter.Name,-11} {meter.CpuSeconds / began.Elapsed.TotalSeconds * 100:0} % of a core over {began.Elapsed.TotalSeconds:0} s, peak {meter.PeakMegabytes:N0} MB");
        Say($"brief agents, simulated: half have come after {BriefAgents.Until(0.5, options.Agents).TotalHours:0.0} h, 95 % after {BriefAgents.Until(Most, options.Agents).TotalHours:0.0} h, all after {BriefAgents.Until(1, options.Agents).TotalHours:0.0} h");
        return passed && emergency && reverted && halted ? 0 : 1;
    }

    static async Task<bool> StagesAsync(FleetGround ground, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await ground.ReleaseAsync(Entries, "second", ct);
        var stage = "";
        var done = await ground.RolloutAsync(2, rollout =>
        {
            if (Text(rollout, "stage") != stage)
                Say($"  {watch.Elapsed.TotalSeconds,5:0.0} s  {stage = Text(rollout, "stage")}: {rollout.GetProperty("admitted").GetInt32():N0} may have it");
            return Text(rollout, "state") is "complete" or "halted";
        }, Staged, ct);
        Say($"a release through its stages is {Text(done, "state")} after {watch.Elapsed.TotalSeconds:0} s {Text(done, "reason")}: {Figures(done)}");
        return Text(done, "state") == "complete" && AddUp(done, ground.Agents.Count);
    }

    // From the moment at which the operator presses the key.
    static async Task<bool> SpreadAsync(FleetGround ground, ulong version, Func<Task<string>> release, string what, TimeSpan within, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var releasing = release();
        var most = await ground.UntilAsync(watch, version, Most, within, ct);
        await releasing;
        var all = await ground.UntilAsync(watch, version, 1, within, ct);
        Say($"{what} is on 95 % after {most.At.TotalSeconds:0.0} s and on {all.Have:N0} of {ground.Agents.Count:N0} after {all.At.TotalSeconds:0.0} s");
        return most.Have >= Most * ground.Agents.Count && most.At < within;
    }

    static async Task<bool> HaltAsync(FleetGround ground, CancellationToken ct)
    {
        await ground.ReleaseAsync(TooMany, "fifth", ct);
        var refused = Stopwatch.StartNew();
        while (!ground.Agents.Any(agent => agent.Refusal is { Version: 5 }) && refused.Elapsed < Halt)
            await Task.Delay(10, ct);
        var signal = Stopwatch.StartNew();
        var rollout = await ground.RolloutAsync(5, IsIn("halted"), Halt, ct);
        Say($"a list that agents refuse is {Text(rollout, "state")} {signal.Elapsed.TotalSeconds:0.0} s after the first refusal, offered to {ground.Agents.Count(agent => agent.Refusal is not null)}: {Text(rollout, "reason")}; {Figures(rollout)}");
        return Text(rollout, "state") == "halted" && signal.Elapsed < Halt && AddUp(rollout, ground.Agents.Count);
    }

    static Func<JsonElement, bool> IsIn(string state) => rollout => Text(rollout, "state") == state;

    static string Figures(JsonElement rollout)
    {
        var counts = rollout.GetProperty("counts");
        return $"{Count(counts, "agents"):N0} agents = {Count(counts, "applied"):N0} taken + {Count(counts, "refused")} refused + {Count(counts, "silent")} silent + {Count(counts, "waiting"):N0} to come";
    }

    static bool AddUp(JsonElement rollout, int agents)
    {
        var counts = rollout.GetProperty("counts");
        return Count(counts, "agents") == agents && Count(counts, "applied") + Count(counts, "refused") + Count(counts, "silent") + Count(counts, "waiting") == agents;
    }

    static int Count(JsonElement counts, string name) => counts.GetProperty(name).GetInt32();

    static string Text(JsonElement rollout, string name) => rollout.GetProperty(name).GetString() ?? "";

    static void Say(string line) => Console.WriteLine(line);
}
