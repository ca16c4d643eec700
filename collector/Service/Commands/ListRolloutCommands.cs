using System.CommandLine;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Watching and steering releases that are on their way. None of it needs the signing key.</summary>
static class ListRolloutCommands
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    public static Command Status(Surroundings surroundings)
    {
        var name = new Argument<string?>("NAME") { Description = "One list only.", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch") { Description = "Prints what changes until everything is spread or halted." };
        var json = Listing.JsonOption();
        var command = new Command("status", "The releases, how far each has spread, and what it waits for.") { name, watch, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var (reading, list) = (store.Get<RolloutReading>(), parsed.GetValue(name));
            if (parsed.GetValue(watch))
                return await WatchAsync(surroundings, reading, list, ct);
            var rollouts = await reading.ReadAsync(list, superseded: true, ct);
            if (parsed.GetValue(json))
                Listing.WriteJson(surroundings.Output, rollouts);
            else
                RolloutText.Write(surroundings.Output, rollouts);
            return 0;
        });
        return command;
    }

    public static Command Halt(Surroundings surroundings)
    {
        var name = ListCommands.Name();
        var target = TargetOption.Create("Only there: cc=KH,asn=64500.", placesAlone: true);
        var measuring = new Option<bool>("--measuring") { Description = "Also stops measuring, there or everywhere, by a signed word that agents obey for thirty days at most." };
        var reason = new Option<string>("--reason") { Description = "Goes into the log, and to the volunteers who are stopped.", DefaultValueFactory = _ => "" };
        reason.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: > 200 }])
                result.AddError("--reason is 200 characters at most.");
        });
        var command = new Command("halt", "Nobody more gets the newest version, until `resume` or `revert`; with --target, nobody there.") { name, target, measuring, reason };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var (newest, place) = (await NewestAsync(store, parsed.GetValue(name)!, ct), TargetOption.Parse(parsed.GetValue(target) ?? "")!.Target);
            var (rollouts, why) = (store.Get<RolloutTable>(), parsed.GetValue(reason)!);
            if (IsSomewhere(place))
                await rollouts.HoldAsync(newest.List, newest.Version, Who(surroundings), [.. newest.Spread.HeldCc.Union(place.Cc)], [.. newest.Spread.HeldAsn.Union(place.Asn)], ct);
            else if (!await rollouts.HaltAsync(newest.List, newest.Version, Who(surroundings), RolloutState.Paused, why, ct) && !parsed.GetValue(measuring))
                throw new CommandFailure($"{newest.List} version {newest.Version} is {Listing.Word(newest.Spread.State)}: there is nothing to halt.");
            surroundings.Output.WriteLine($"{newest.List} version {newest.Version} goes to nobody more{(IsSomewhere(place) ? " in " + Words(place) : "")}.");
            if (parsed.GetValue(measuring))
            {
                await StopAsync(store, new() { Everywhere = !IsSomewhere(place), Cc = { place.Cc }, Asn = { place.Asn }, Reason = why }, ct);
                surroundings.Output.WriteLine($"Agents {(IsSomewhere(place) ? "in " + Words(place) : "everywhere")} stop measuring as they connect, for thirty days at most.");
            }
            return 0;
        });
        return command;
    }

    public static Command Resume(Surroundings surroundings)
    {
        var name = ListCommands.Name();
        var measuring = new Option<bool>("--measuring") { Description = "Lifts the stop of measuring." };
        var command = new Command("resume", "Takes a halted release on, from the stage where it stood; also where it was halted by --target.") { name, measuring };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var (newest, rollouts) = (await NewestAsync(store, parsed.GetValue(name)!, ct), store.Get<RolloutTable>());
            var held = newest.Spread.HeldCc.Count + newest.Spread.HeldAsn.Count > 0;
            if (held)
                await rollouts.HoldAsync(newest.List, newest.Version, Who(surroundings), [], [], ct);
            var resumed = await rollouts.ResumeAsync(newest.List, newest.Version, Who(surroundings), ct);
            if (!held && !resumed && !parsed.GetValue(measuring))
                throw new CommandFailure($"{newest.List} version {newest.Version} is {Listing.Word(newest.Spread.State)}: there is nothing to resume.");
            if (parsed.GetValue(measuring))
                await StopAsync(store, new(), ct);
            surroundings.Output.WriteLine(held || resumed ? $"{newest.List} version {newest.Version} goes on." : "Agents measure again as they connect.");
            return 0;
        });
        return command;
    }

    public static Command Audit(Surroundings surroundings)
    {
        var name = new Argument<string?>("NAME") { Description = "One list only.", Arity = ArgumentArity.ZeroOrOne };
        var json = Listing.JsonOption();
        var command = new Command("audit", "What was done to lists, when and by whom. Fails when a line is missing or was altered.") { name, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var entries = await store.Get<ListAudit>().ReadAsync(parsed.GetValue(name), ct);
            Listing.Write(surroundings.Output, parsed.GetValue(json), entries, "Nothing was done to any list.",
                ("NUMBER", row => row.Number), ("AT", row => row.At.ToString("yyyy-MM-dd HH:mm:ss")), ("WHO", row => row.Who.Length > 16 ? row.Who[..16] : row.Who), ("LIST", row => row.List),
                ("VERSION", row => row.Version), ("ACTION", row => row.Action), ("DETAIL", row => row.Detail));
            return entries.FirstOrDefault(entry => !entry.Holds) is { } broken ? throw new CommandFailure($"Line {broken.Number} does not follow from the one before it: the log was altered.") : 0;
        });
        return command;
    }

    static async Task<int> WatchAsync(Surroundings surroundings, RolloutReading reading, string? list, CancellationToken ct)
    {
        var last = "";
        while (true)
        {
            var rollouts = await reading.ReadAsync(list, superseded: false, ct);
            var text = new StringWriter();
            RolloutText.Write(text, rollouts);
            if (text.ToString() != last)
                surroundings.Output.Write((last.Length > 0 ? "\n" : "") + text);
            last = text.ToString();
            if (rollouts.All(rollout => rollout.State is RolloutState.Complete or RolloutState.Halted or RolloutState.Paused))
                return rollouts.Any(rollout => rollout.State == RolloutState.Halted) ? 1 : 0;
            await Task.Delay(Again, surroundings.Time, ct);
        }
    }

    static async Task<RolloutRow> NewestAsync(CommandStore store, string list, CancellationToken ct) =>
        (await store.Get<RolloutTable>().ReadAsync(list, ct)).MaxBy(row => row.Version) ?? throw new CommandFailure($"There is no released list {list}.");

    static async Task StopAsync(CommandStore store, Stop scope, CancellationToken ct)
    {
        if (await store.Get<TrustTable>().ReadAsync(ct) is null)
            throw new CommandFailure("Agents know no root yet, and would not obey: `list release` makes one.");
        await store.Get<TrustDesk>().StopAsync(scope, (await store.Get<CollectorKeyStore>().EnsureAsync(ct)).Online, ct);
    }

    static bool IsSomewhere(ListTarget place) => place.Cc.Count + place.Asn.Count > 0;

    static string Words(ListTarget place) => string.Join(' ', place.Cc.Concat(place.Asn.Select(asn => $"AS{asn}")));

    // On behalf of whom, where a command runs as root.
    static string Who(Surroundings surroundings) =>
        surroundings.Environment("SUDO_USER") is { Length: > 0 } sudo ? sudo : surroundings.Environment("USER") is { Length: > 0 } user ? user : "operator";
}
