using System.CommandLine;
using ProbeNet.Collector.Fleet;

namespace ProbeNet.Collector.Service.Commands;

static class AgentsCommands
{
    // Enough to be told apart in a table; the whole stands in the JSON.
    const int Shown = 8;

    public static Command Create(Surroundings surroundings) => new("agents", "The fleet.")
    {
        List(surroundings),
        Mark(surroundings, "revoke", "Takes a key, or all of a unit's, out of the fleet for good.", (keys, id, ct) => keys.RevokeAsync(id, ct)),
        Mark(surroundings, "quarantine", "Sets a unit aside: what it sends is kept and counts in no cell.", (keys, id, ct) => keys.QuarantineAsync(id, ct)),
    };

    static Command List(Surroundings surroundings)
    {
        var json = Listing.JsonOption();
        var command = new Command("list", "The keys in use. A volunteer has one for each network.") { json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            Listing.Write(surroundings.Output, parsed.GetValue(json), await store.Get<AgentKeys>().ListAsync(ct), "No agents.",
                ("KEY", key => key.Id[..Shown]), ("UNIT", key => key.Unit[..Shown]), ("GROUP", key => key.Group[..Shown]), ("ROLE", key => key.Role), ("CC", key => key.Cc),
                ("ASN", key => key.Asn), ("SOURCE", key => key.AsnSource), ("ISSUED", key => key.Issued), ("SEEN", key => key.LastDay), ("VERSION", key => key.Version),
                ("LIST", key => key.List.Length > 0 ? $"{key.List} {key.ListVersion}" : ""), ("PRODUCED", key => key.Produced), ("DROPPED", key => key.Dropped),
                ("WAITING", key => key.Waiting), ("STATE", key => key.State));
            return 0;
        });
        return command;
    }

    static Command Mark(Surroundings surroundings, string name, string description, Func<AgentKeys, string, CancellationToken, Task<int>> mark)
    {
        var id = new Argument<string>("ID") { Description = "A key or unit of `agents list`, or at least four characters of its beginning." };
        var command = new Command(name, description) { id };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var count = await mark(store.Get<AgentKeys>(), parsed.GetValue(id)!, ct);
            if (count == 0)
                throw new CommandFailure($"'{parsed.GetValue(id)}' is not the beginning of exactly one key or unit.");
            surroundings.Output.WriteLine(count == 1 ? "1 key." : $"{count} keys.");
            return 0;
        });
        return command;
    }
}
