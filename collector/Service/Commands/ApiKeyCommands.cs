using System.CommandLine;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Keys of the REST interface.</summary>
static class ApiKeyCommands
{
    /// <summary>Adds them to the group of all keys.</summary>
    public static Command AddTo(Command keys, Surroundings surroundings)
    {
        keys.Subcommands.Add(CreateKey(surroundings));
        keys.Subcommands.Add(List(surroundings));
        keys.Subcommands.Add(Revoke(surroundings));
        return keys;
    }

    static Command CreateKey(Surroundings surroundings)
    {
        var role = new Option<string>("--role") { Description = "analyst (reads measurements and evidence) or operator.", Required = true };
        role.AcceptOnlyFromAmong("analyst", "operator");
        var name = new Option<string>("--name") { Description = "What lists call the key. The access log names keys, not people.", DefaultValueFactory = _ => "" };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: > 100 }])
                result.AddError("--name has 100 characters at most.");
        });
        var command = new Command("create", "Makes a key and prints it once, alone on the last line.") { role, name };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var chosen = ApiRoles.TryParse(parsed.GetValue(role), out var known) ? known : throw new CommandFailure("--role is analyst or operator.");
            var (text, key) = await store.Get<ApiKeys>().CreateAsync(chosen, parsed.GetValue(name)!, ct);
            surroundings.Output.WriteLine($"Key {key.Id} ({key.Role.Word()}). It is shown this once; only its hash is kept.");
            surroundings.Output.WriteLine(text);
            return 0;
        });
        return command;
    }

    static Command List(Surroundings surroundings)
    {
        var json = Listing.JsonOption();
        var command = new Command("list", "Lists the keys of the API, without the keys themselves.") { json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            Listing.Write(surroundings.Output, parsed.GetValue(json), [.. await store.Get<ApiKeys>().ListAsync(ct)], "No key.",
                ("ID", key => key.Id), ("ROLE", key => key.Role.Word()), ("NAME", key => key.Name), ("CREATED", key => key.Created), ("REVOKED", key => key.Revoked));
            return 0;
        });
        return command;
    }

    static Command Revoke(Surroundings surroundings)
    {
        var id = new Argument<string>("ID") { Description = "As 'keys list' shows it." };
        var command = new Command("revoke", "Ends a key at once, and everything signed in with it.") { id };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            if (!await store.Get<ApiKeys>().RevokeAsync(parsed.GetValue(id)!, ct))
                throw new CommandFailure($"No key in force is called {parsed.GetValue(id)}. See 'keys list'.");
            surroundings.Output.WriteLine($"Key {parsed.GetValue(id)} is revoked.");
            return 0;
        });
        return command;
    }
}
