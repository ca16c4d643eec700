using System.CommandLine;
using ProbeNet.Collector.Fleet.Lists;

namespace ProbeNet.Collector.Service.Commands;

static class ListCommands
{
    public static Command Create(Surroundings surroundings) => new("list", "Test lists: import, look, sign, release, watch, halt, take back.")
    {
        ListImportCommand.Create(surroundings),
        Diff(surroundings),
        Check(surroundings),
        ListReleaseCommands.Release(surroundings),
        ListReleaseCommands.Revert(surroundings),
        ListRolloutCommands.Status(surroundings),
        ListRolloutCommands.Halt(surroundings),
        ListRolloutCommands.Resume(surroundings),
        ListRolloutCommands.Audit(surroundings),
        ListRootCommands.Key(surroundings),
        ListRootCommands.Create(surroundings),
    };

    internal static Argument<string> Name() => new("NAME") { Description = "The list's name, as given to `list import`." };

    internal static async Task<ListDraft> DraftAsync(CommandStore store, string name, CancellationToken ct) =>
        await store.Get<ListDrafts>().FindAsync(name, ct) ?? throw new CommandFailure($"There is no list {name}: import one with `list import FILE --name {name}`.");

    static Command Diff(Surroundings surroundings)
    {
        var (name, json) = (Name(), Listing.JsonOption());
        var command = new Command("diff", "What the next release would change.") { name, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var draft = await DraftAsync(store, parsed.GetValue(name)!, ct);
            var diff = ListDiff.Of((await store.Get<ListReleases>().FindAsync(draft.List.Name, 0, ct))?.List, draft.List);
            if (parsed.GetValue(json))
                Listing.WriteJson(surroundings.Output, diff);
            else
                ListDiffText.Write(surroundings.Output, diff);
            return 0;
        });
        return command;
    }

    static Command Check(Surroundings surroundings)
    {
        var (name, json) = (Name(), Listing.JsonOption());
        var command = new Command("check", "What to know before a release.") { name, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var draft = await DraftAsync(store, parsed.GetValue(name)!, ct);
            var findings = ListCheck.Of(draft, await store.Get<ControlSightReader>().ReadAsync(draft.List, ct)).ToList();
            Listing.Write(surroundings.Output, parsed.GetValue(json), findings, "Nothing to remark.",
                ("FINDING", row => Listing.Word(row.Finding)), ("SUBJECT", row => row.Subject), ("DETAIL", row => row.Detail));
            return 0;
        });
        return command;
    }
}
