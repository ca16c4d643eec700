using System.CommandLine;
using ProbeNet.Collector.Fleet.Lists;

namespace ProbeNet.Collector.Service.Commands;

static class ExportCommand
{
    public static Command Create(Surroundings surroundings) => new("export", "Data as files, with their licence.")
    {
        OfList(surroundings),
    };

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
