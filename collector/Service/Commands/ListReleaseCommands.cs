using System.CommandLine;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>What needs the signing key.</summary>
static class ListReleaseCommands
{
    public static Command Release(Surroundings surroundings)
    {
        var (name, key) = (ListCommands.Name(), KeyOption());
        var target = TargetOption.Create("Whom it is for: cc=KH,asn=64500,tag=GROUP,version=1.4,cohort=0-25. Default: everybody.");
        var emergency = new Option<bool>("--emergency") { Description = "To everybody at once, without stages." };
        var command = new Command("release", "Signs the list as its next version and begins to roll it out; with a second key, approves what waits for it.") { name, key, target, emergency };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var draft = await ListCommands.DraftAsync(store, parsed.GetValue(name)!, ct);
            var terms = TargetOption.Parse(parsed.GetValue(target) ?? "")! with { Emergency = parsed.GetValue(emergency) };
            await ReleaseAsync(store, surroundings, draft, terms, parsed.GetValue(key), ct);
            return 0;
        });
        return command;
    }

    public static Command Revert(Surroundings surroundings)
    {
        var (name, key) = (ListCommands.Name(), KeyOption());
        var to = new Option<ulong>("--to") { Description = "The version whose content comes back. Default: the one before the newest." };
        var command = new Command("revert", "Takes the newest version back: the content of the one before goes out as the next version, to everybody at once.") { name, key, to };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var (list, releases) = (parsed.GetValue(name)!, store.Get<ListReleases>());
            var newest = await releases.FindAsync(list, 0, ct) ?? throw new CommandFailure($"There is no released list {list}.");
            var wanted = parsed.GetValue(to) is > 0 and var given ? given : newest.List.Version - 1;
            if (wanted == 0 || wanted >= newest.List.Version || await releases.FindAsync(list, wanted, ct) is not { } former)
                throw new CommandFailure($"There is no version {wanted} before version {newest.List.Version} of {list}.");
            var terms = ReleaseTerms.Everybody with { Target = newest.List.Target ?? new(), Emergency = true, Reverts = newest.List.Version };
            await ReleaseAsync(store, surroundings, former, terms, parsed.GetValue(key), ct);
            return 0;
        });
        return command;
    }

    static Option<string> KeyOption() => new("--key") { Description = "The file of the signing key. Default: the one in your own directory." };

    static async Task ReleaseAsync(CommandStore store, Surroundings surroundings, ListDraft draft, ReleaseTerms terms, string? keyFile, CancellationToken ct)
    {
        if (draft.List.Entries.Count == 0)
            throw new CommandFailure($"The list {draft.List.Name} has no entries.");
        using var key = Open(surroundings, keyFile);
        await FirstRoot.EnsureAsync(store, surroundings, key, ct);
        try
        {
            var (version, missing) = await store.Get<ListReleases>().ReleaseAsync(draft, terms, key, ct);
            await store.Get<ListKeys>().RegisterAsync(key.PublicKey, ct);
            surroundings.Output.WriteLine(missing == 0
                ? $"Released {draft.List.Name} version {version}: {draft.List.Entries.Count} entries. Watch it with `list status {draft.List.Name} --watch`."
                : $"Signed {draft.List.Name} version {version}: {draft.List.Entries.Count} entries. It waits for {missing} more of the releases role's keys (`list release {draft.List.Name} --key FILE`).");
        }
        catch (ReleaseFailure e)
        {
            throw new CommandFailure(e.Message);
        }
    }

    static SigningKey Open(Surroundings surroundings, string? keyFile)
    {
        if (keyFile is not null)
            return ListKeyFile.Read(keyFile);
        var path = ListKeyFile.DefaultPath(surroundings.Environment);
        var key = ListKeyFile.ReadOrCreate(path, out var made);
        if (made)
            surroundings.Error.WriteLine($"Made the key that signs test lists: {path}. Keep a copy elsewhere.");
        return key;
    }
}
