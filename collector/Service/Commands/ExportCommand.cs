using System.CommandLine;
using ProbeNet.Collector.Api.Evidence;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

static class ExportCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("export", "Data as files, with their licence.") { OfList(surroundings), OfLog(surroundings) };
        foreach (var kind in DataExport.All(surroundings))
            command.Add(kind);
        return command;
    }

    static Command OfLog(Surroundings surroundings)
    {
        var after = new Option<int>("--after") { Description = "Days of the state that you know, as a bundle has it: the proof that the log continues that one comes with it. Default: none." };
        var command = new Command("log", "The signed state of the log of batches as JSON, on standard output.") { after };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var heads = await store.Get<LogQueries>().HeadsAsync(ct);
            var known = parsed.GetValue(after);
            if (heads.Count == 0)
                throw new CommandFailure("No day of the log is over: a day gets its tree head two days later.");
            if (known < 0 || known > heads.Count)
                throw new CommandFailure($"The log has {heads.Count} days; --after is one of them, or 0.");
            Listing.WriteAnswer(surroundings.Output, LogGrowth.Of(heads, known, (await store.Get<CollectorKeyStore>().EnsureAsync(ct)).Identity));
            return 0;
        });
        return command;
    }

    static Command OfList(Surroundings surroundings)
    {
        var name = new Argument<string>("NAME") { Description = "The list's name, as given to `list import`." };
        var version = new Option<ulong>("--version") { Description = "A released version. Default: the last import." };
        var command = new Command("list", "A test list as CSV, as it was imported, on standard output.") { name, version };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var (wanted, number) = (parsed.GetValue(name)!, parsed.GetValue(version));
            var found = number == 0 ? await store.Get<ListDrafts>().FindAsync(wanted, ct) : await store.Get<ListReleases>().FindAsync(wanted, number, ct);
            ListCsv.Write(surroundings.Output, found ?? throw new CommandFailure(number == 0 ? $"There is no list {wanted}." : $"There is no version {number} of a list {wanted}."));
            return 0;
        });
        return command;
    }
}
