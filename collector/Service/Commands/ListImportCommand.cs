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
        var files = new Argument<string[]>("FILE") { Description = "CSV in the Citizen Lab's columns, a file or an https address; several are joined.", Arity = ArgumentArity.OneOrMore };
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
            var draft = new TestList
            {
                Name = parsed.GetValue(name)!,
                Cc = (parsed.GetValue(cc) ?? "").ToUpperInvariant(),
                Licence = parsed.GetValue(licence) ?? "",
                Attribution = parsed.GetValue(attribution) ?? "",
            };
            foreach (var file in parsed.GetValue(files)!)
                await ReadAsync(surroundings, file, draft, ct);
            try
            {
                draft.References.AddRange(ListDefaults.References(parsed.GetValue(references)));
                draft.Resolvers.AddRange(ListDefaults.Resolvers(parsed.GetValue(resolvers)));
                draft.WhoamiNames.AddRange(ListDefaults.WhoAmI(parsed.GetValue(whoAmI)));
                draft.NonResolvers.AddRange(ListDefaults.NonResolvers(parsed.GetValue(nonResolvers)).Select(ByteString.CopyFrom));
            }
            catch (InvalidDataException e)
            {
                throw new CommandFailure(e.Message);
            }
            draft.Words.AddRange(ListDefaults.Words());
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            if (draft.Cc.Length > 0)
                draft.Prefixes.AddRange(store.Get<AsnTable>().RangesOf(draft.Cc).Select(Prefix));
            await store.Get<ListDrafts>().SaveAsync(draft, ct);
            surroundings.Output.WriteLine($"Imported {draft.Name}: {draft.Entries.Count} entries, {draft.Prefixes.Count} prefixes. Look with `list diff {draft.Name}`, then `list release {draft.Name}`.");
            return 0;
        });
        return command;
    }

    static async Task ReadAsync(Surroundings surroundings, string file, TestList draft, CancellationToken ct)
    {
        await using var stream = await ListSource.OpenAsync(file, ct);
        using var reader = new StreamReader(stream);
        var outcome = CitizenLabCsv.Read(reader);
        if (outcome.Errors.Count > 0)
            throw new CommandFailure(Describe(surroundings, file, [.. outcome.Errors.Select(error => $"{file}, {error}")]));
        foreach (var repeated in outcome.Repeated.Take(RemarksShown))
            surroundings.Error.WriteLine($"{file}, {repeated}");
        if (outcome.Repeated.Count > RemarksShown)
            surroundings.Error.WriteLine($"{file}: {outcome.Repeated.Count - RemarksShown} more repeated URLs left out");
        var known = draft.Entries.Select(entry => entry.Input).ToHashSet(StringComparer.Ordinal);
        draft.Entries.AddRange(outcome.Entries.Where(entry => known.Add(entry.Input)));
    }

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
