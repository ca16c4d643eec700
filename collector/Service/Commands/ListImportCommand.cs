using System.CommandLine;
using Google.Protobuf;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Service.Commands;

static class ListImportCommand
{
    const int RemarksShown = 5;

    public static Command Create(Surroundings surroundings)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "CSV in the Citizen Lab's columns: a file, a folder of such files (then the country's and the global one), or the https address of either; several are joined.",
            Arity = ArgumentArity.OneOrMore,
        };
        var name = new Option<string>("--name") { Description = "The list's name.", Required = true };
        var cc = Text("--cc", "Country of the list: its networks' prefixes travel with it.");
        CellOptions.AcceptOnlyCountries(cc);
        var licence = Text("--licence", "Licence of the list; travels with it.");
        var attribution = Text("--attribution", "Whom the licence wants named; travels with it.");
        var references = Text("--references", "File of innocuous pages, one a line.");
        var resolvers = Text("--resolvers", "File of resolvers, a name and a URL a line.");
        var whoAmI = Text("--whoami", "File of names whose A record is the address that asks, one a line: they tell which resolver really asks.");
        var nonResolvers = Text("--non-resolvers", "File of addresses that run no resolver, one a line.");
        var command = new Command("import", "Reads a list. Nothing reaches an agent before `list release`.")
        {
            files, name, cc, licence, attribution, references, resolvers, nonResolvers, whoAmI,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var draft = new ListDraft(new() { Name = parsed.GetValue(name)!, Cc = (parsed.GetValue(cc) ?? "").ToUpperInvariant() }, new());
            foreach (var file in parsed.GetValue(files)!.SelectMany(given => ListSource.FilesOf(given, draft.List.Cc)))
                await ReadAsync(surroundings, file, draft, ct);
            draft.List.Licence = parsed.GetValue(licence) ?? draft.List.Licence;
            draft.List.Attribution = parsed.GetValue(attribution) ?? draft.List.Attribution;
            try
            {
                draft.List.References.AddRange(ListDefaults.References(parsed.GetValue(references)));
                draft.List.Resolvers.AddRange(ListDefaults.Resolvers(parsed.GetValue(resolvers)));
                draft.List.WhoamiNames.AddRange(ListDefaults.WhoAmI(parsed.GetValue(whoAmI)));
                draft.List.NonResolvers.AddRange(ListDefaults.NonResolvers(parsed.GetValue(nonResolvers)).Select(ByteString.CopyFrom));
            }
            catch (InvalidDataException e)
            {
                throw new CommandFailure(e.Message);
            }
            draft.List.Words.AddRange(ListDefaults.Words());
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            if (draft.List.Cc.Length > 0)
                draft.List.Prefixes.AddRange(store.Get<AsnTable>().RangesOf(draft.List.Cc).Select(Prefix));
            await store.Get<ListDrafts>().SaveAsync(draft, ct);
            surroundings.Output.WriteLine($"Imported {draft.List.Name}: {draft.List.Entries.Count} entries, {draft.List.Prefixes.Count} prefixes. Look with `list check {draft.List.Name}` and `list diff {draft.List.Name}`, then `list release {draft.List.Name}`.");
            return 0;
        });
        return command;
    }

    static async Task ReadAsync(Surroundings surroundings, string file, ListDraft draft, CancellationToken ct)
    {
        await using var stream = await ListSource.OpenAsync(file, ct);
        using var reader = new StreamReader(stream);
        var outcome = CitizenLabCsv.Read(reader);
        if (outcome.Errors.Count > 0)
            throw new CommandFailure(Describe(surroundings, file, [.. outcome.Errors.Select(error => $"{file}, {error}")]));
        Remark(surroundings, file, [.. outcome.Remarks.Select(remark => remark.ToString())]);
        var known = draft.List.Entries.Select(entry => entry.Input).ToHashSet(StringComparer.Ordinal);
        Remark(surroundings, file, [.. outcome.Entries.Where(one => known.Contains(one.Entry.Input)).Select(one => $"{one.Entry.Input} stands in a file before this one already")]);
        foreach (var one in outcome.Entries.Where(one => known.Add(one.Entry.Input)))
        {
            draft.List.Entries.Add(one.Entry);
            draft.Origins.Entries.Add(one.Origin);
        }
        draft.List.Licence = Joined(draft.List.Licence, outcome.Terms.Licence);
        draft.List.Attribution = Joined(draft.List.Attribution, outcome.Terms.Attribution);
    }

    static void Remark(Surroundings surroundings, string file, IReadOnlyList<string> remarks)
    {
        foreach (var remark in remarks.Take(RemarksShown))
            surroundings.Error.WriteLine($"{file}, {remark}");
        if (remarks.Count > RemarksShown)
            surroundings.Error.WriteLine($"{file}: {remarks.Count - RemarksShown} more such lines");
    }

    // Lists of two owners are used on the terms of both.
    static string Joined(string one, string other) => one.Length == 0 || one == other ? other : other.Length == 0 ? one : $"{one}; {other}";

    // One line on standard error; what else is wrong is listed, as somebody has to mend it.
    static string Describe(Surroundings surroundings, string file, IReadOnlyList<string> errors)
    {
        if (errors.Count == 1)
            return errors[0];
        foreach (var error in errors)
            surroundings.Output.WriteLine(error);
        return $"{file} has {errors.Count} errors, the first: {errors[0]}";
    }

    static Prefix Prefix(AsnRange range) =>
        new() { First = ByteString.CopyFrom(range.First), Last = ByteString.CopyFrom(range.Last), Asn = range.Network.Asn, Cc = range.Network.Cc };

    static Option<string> Text(string name, string description) => new(name) { Description = description };
}
