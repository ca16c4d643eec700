using System.CommandLine;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Service.Commands;

static class ListCommands
{
    public static Command Create(Surroundings surroundings) => new("list", "Test lists: import, look, sign, release.")
    {
        ListImportCommand.Create(surroundings),
        Diff(surroundings),
        Check(surroundings),
        Release(surroundings),
        Status(surroundings),
        Key(surroundings),
    };

    static Argument<string> Name() => new("NAME") { Description = "The list's name, as given to `list import`." };

    static async Task<TestList> DraftAsync(CommandStore store, string name, CancellationToken ct) =>
        await store.Get<ListDrafts>().FindAsync(name, ct) ?? throw new CommandFailure($"There is no list {name}: import one with `list import FILE --name {name}`.");

    static Command Diff(Surroundings surroundings)
    {
        var (name, json) = (Name(), Listing.JsonOption());
        var command = new Command("diff", "What the next release would change.") { name, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var draft = await DraftAsync(store, parsed.GetValue(name)!, ct);
            var (added, removed, changed) = ListCheck.Diff(await store.Get<ListReleases>().LatestAsync(draft.Name, ct), draft);
            if (parsed.GetValue(json))
            {
                Listing.WriteJson(surroundings.Output, new { added, removed, changed });
                return 0;
            }
            foreach (var (sign, inputs) in new[] { ('+', added), ('-', removed), ('~', changed) })
            {
                foreach (var input in inputs)
                    surroundings.Output.WriteLine($"{sign} {input}");
            }
            surroundings.Output.WriteLine($"{added.Count} added, {removed.Count} removed, {changed.Count} changed; {draft.Entries.Count} entries.");
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
            var findings = ListCheck.Of(await DraftAsync(store, parsed.GetValue(name)!, ct)).ToList();
            Listing.Write(surroundings.Output, parsed.GetValue(json), findings, "Nothing to remark.", ("REMARK", remark => remark));
            return 0;
        });
        return command;
    }

    static Command Release(Surroundings surroundings)
    {
        var name = Name();
        var key = new Option<string>("--key") { Description = "The file of the signing key. Default: the one in your own directory." };
        var target = new Option<string>("--target") { Description = "Whom it is for: cc=KH,asn=64500,asn=64501. Default: everybody." };
        target.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && ParseTarget(token.Value) is null)
                result.AddError("--target is cc=KH or asn=NUMBER, several separated by commas.");
        });
        var command = new Command("release", "Signs the list as its next version and offers it to agents.") { name, key, target };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var draft = await DraftAsync(store, parsed.GetValue(name)!, ct);
            if (draft.Entries.Count == 0)
                throw new CommandFailure($"The list {draft.Name} has no entries.");
            var path = parsed.GetValue(key) ?? ListKeyFile.DefaultPath(surroundings.Environment);
            var made = false;
            using var signing = parsed.GetValue(key) is null ? ListKeyFile.ReadOrCreate(path, out made) : ListKeyFile.Read(path);
            if (made)
                surroundings.Error.WriteLine($"Made the key that signs test lists: {path}. Agents that were invited before it do not know it.");
            await store.Get<ListKeys>().RegisterAsync(signing.PublicKey, ct);
            var version = await store.Get<ListReleases>().ReleaseAsync(draft, ParseTarget(parsed.GetValue(target) ?? "")!, signing, ct);
            surroundings.Output.WriteLine($"Released {draft.Name} version {version}: {draft.Entries.Count} entries.");
            return 0;
        });
        return command;
    }

    static Command Status(Surroundings surroundings)
    {
        var name = new Argument<string?>("NAME") { Description = "One list only.", Arity = ArgumentArity.ZeroOrOne };
        var json = Listing.JsonOption();
        var command = new Command("status", "The releases and how many keys have each.") { name, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var releases = await store.Get<ListReleases>().StatusAsync(parsed.GetValue(name), ct);
            Listing.Write(surroundings.Output, parsed.GetValue(json), releases, "No list was released.",
                ("LIST", row => row.List), ("VERSION", row => row.Version), ("ENTRIES", row => row.Entries), ("CC", row => string.Join(' ', row.TargetCc)),
                ("ASN", row => string.Join(' ', row.TargetAsn)), ("RELEASED", row => row.Released), ("EXPIRES", row => row.Expires), ("KEYS", row => row.Agents));
            return 0;
        });
        return command;
    }

    static Command Key(Surroundings surroundings)
    {
        var path = new Option<string>("--key") { Description = "Where. Default: your own directory." };
        var command = new Command("key", "Makes the key that signs lists, where there is none, and prints its public half.") { path };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(path) ?? ListKeyFile.DefaultPath(surroundings.Environment);
            using var key = ListKeyFile.ReadOrCreate(file, out var created);
            surroundings.Error.WriteLine($"{(created ? "Made" : "Found")} {file}");
            surroundings.Output.WriteLine(Convert.ToHexStringLower(key.PublicKey.Bytes.Span));
            return 0;
        });
        return command;
    }

    static ListTarget? ParseTarget(string text)
    {
        var target = new ListTarget();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (part.Split('='))
            {
                case ["cc", { Length: 2 } cc]:
                    target.Cc.Add(cc.ToUpperInvariant());
                    break;
                case ["asn", var number] when uint.TryParse(number, out var asn):
                    target.Asn.Add(asn);
                    break;
                default:
                    return null;
            }
        }
        return target;
    }
}
