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
        Revoke(surroundings),
        Quarantine(surroundings),
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
                ("WAITING", key => key.Waiting), ("STATE", key => key.State),
                ("HERE", key => key.Established ? "30 days" : "new"), ("NOTE", key => key.Note));
            return 0;
        });
        return command;
    }

    static Command Revoke(Surroundings surroundings)
    {
        var id = Id();
        var command = new Command("revoke", "Takes a key, or all of a unit's, out of the fleet for good.") { id };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            return Say(surroundings, parsed.GetValue(id)!, await store.Get<AgentKeys>().RevokeAsync(parsed.GetValue(id)!, ct));
        });
        return command;
    }

    static Command Quarantine(Surroundings surroundings)
    {
        var id = Id();
        var lift = new Option<bool>("--lift") { Description = "Ends it: everything that the unit sent counts again." };
        var why = new Option<string>("--reason") { Description = "Why; it is kept for ever, with the day.", DefaultValueFactory = _ => "the operator's decision" };
        var command = new Command("quarantine", "Sets a unit aside: what it sent and sends is kept and counts in no cell.") { id, lift, why };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            if (!parsed.GetValue(lift))
                return Say(surroundings, parsed.GetValue(id)!, await store.Get<AgentKeys>().QuarantineAsync(parsed.GetValue(id)!, parsed.GetValue(why)!, ct));
            if (!await store.Get<AgentKeys>().LiftAsync(parsed.GetValue(id)!, parsed.GetValue(why)!, ct))
                throw new CommandFailure($"'{parsed.GetValue(id)}' is not the beginning of exactly one unit that is set aside.");
            surroundings.Output.WriteLine("It counts again.");
            return 0;
        });
        return command;
    }

    static Argument<string> Id() => new("ID") { Description = "A key or unit of `agents list`, or at least four characters of its beginning." };

    static int Say(Surroundings surroundings, string id, int keys)
    {
        if (keys == 0)
            throw new CommandFailure($"'{id}' is not the beginning of exactly one key or unit.");
        surroundings.Output.WriteLine(keys == 1 ? "1 key." : $"{keys} keys.");
        return 0;
    }
}
