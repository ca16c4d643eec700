using System.CommandLine;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Fleet.Keys;

namespace ProbeNet.Collector.Service.Commands;

static class KeysCommands
{
    /// <summary>Keys of the API are other commands of the same group.</summary>
    public static Command Create(Surroundings surroundings) => new("keys", "API keys, and the collector's own.")
    {
        Rotate(surroundings),
    };

    static Command Rotate(Surroundings surroundings)
    {
        var which = new Argument<string>("WHICH")
        {
            Description = "encryption (routine), credential, online (agents get no new list until `list root` names the new key), epoch (units of this epoch can no longer be traced; volunteers count anew), or identity (agents must be invited again).",
            DefaultValueFactory = _ => "encryption",
        };
        which.AcceptOnlyFromAmong("encryption", "credential", "online", "epoch", "identity");
        var command = new Command("rotate", "Makes a new key of the collector's own. What was made with the former one is still understood.") { which };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var name = parsed.GetValue(which)!;
            if (name == "epoch")
                await store.Get<EpochSecrets>().RotateAsync(ct);
            else
                await store.Get<CollectorKeyStore>().RotateAsync(Enum.Parse<CollectorKeyKind>(name, ignoreCase: true), ct);
            surroundings.Output.WriteLine(name == "identity"
                ? "New identity key. Agents that pin the former one refuse this collector: send them new invites."
                : $"New {name} {(name == "epoch" ? "secret" : "key")}.");
            return 0;
        });
        return command;
    }
}
