using System.CommandLine;
using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Service.Commands;

static class InviteCommands
{
    public static Command Create(Surroundings surroundings) => new("invite", "Invites volunteers and controls.")
    {
        CreateInvite(surroundings),
        List(surroundings),
        Revoke(surroundings),
    };

    static Command CreateInvite(Surroundings surroundings)
    {
        var role = new Option<string>("--role") { Description = "agent (a volunteer) or control.", DefaultValueFactory = _ => "agent" };
        role.AcceptOnlyFromAmong("agent", "control");
        var uses = new Option<int>("--uses") { Description = "How often it can be redeemed.", DefaultValueFactory = _ => 1 };
        uses.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number is > 0 and <= 10_000))
                result.AddError("--uses is a number from 1 to 10000.");
        });
        var expires = new Option<string>("--expires") { Description = "For how long: 7d, 12h.", DefaultValueFactory = _ => "7d" };
        expires.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Durations.Parse(token.Value) is not { Ticks: > 0 })
                result.AddError("--expires is a time such as 7d or 12h.");
        });
        var group = new Option<string>("--group") { Description = "Who recruits: volunteers of one group never count as independent.", DefaultValueFactory = _ => "" };
        var cc = new Option<string>("--cc") { Description = "Country where the table of networks says nothing, as KH.", DefaultValueFactory = _ => "" };
        CellOptions.AcceptOnlyCountries(cc);
        var command = new Command("create", "Prints an invite, alone on the last line.") { role, uses, expires, group, cc };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var until = surroundings.Time.GetUtcNow() + Durations.Parse(parsed.GetValue(expires)!)!.Value;
            var terms = new InviteTerms(
                parsed.GetValue(role) == "control" ? Role.Control : Role.Agent,
                parsed.GetValue(uses),
                // A day is the finest that is kept; the last one counts whole.
                Day.ToDate(Day.Of(until) + 1),
                parsed.GetValue(group)!,
                parsed.GetValue(cc)!.ToUpperInvariant());
            var secret = await store.Get<InviteDesk>().CreateAsync(terms, ct);
            surroundings.Output.WriteLine(InviteText.Write(await ComposeAsync(store, surroundings, secret, ct)));
            return 0;
        });
        return command;
    }

    static async Task<Invite> ComposeAsync(CommandStore store, Surroundings surroundings, byte[] secret, CancellationToken ct)
    {
        var keys = await store.Get<CollectorKeyStore>().EnsureAsync(ct);
        var path = ListKeyFile.DefaultPath(surroundings.Environment);
        using (var listKey = ListKeyFile.ReadOrCreate(path, out var created))
        {
            if (created)
                surroundings.Error.WriteLine($"Made the key that signs test lists: {path}. Keep a copy elsewhere.");
            await store.Get<ListKeys>().RegisterAsync(listKey.PublicKey, ct);
            await FirstRoot.EnsureAsync(store, surroundings, listKey, ct);
        }
        var trust = await store.Get<TrustTable>().ReadAsync(ct);
        if (!PublicAddresses.AreSet(store.Configuration))
            surroundings.Error.WriteLine($"Collector__PublicAddresses__0 is not set: the invite names {PublicAddresses.Of(store.Configuration)[0]}");
        var addresses = PublicAddresses.Of(store.Configuration).Take(2).ToList();
        var invite = new Invite
        {
            Secret = ByteString.CopyFrom(secret),
            IdentityKey = keys.Identity.PublicKey.Bytes,
            Addresses = { addresses.Select(address => address.ToString().TrimEnd('/') + "/" + keys.SecretPath) },
            ListKeys = { (await store.Get<ListKeys>().ListAsync(ct)).Select(key => ByteString.CopyFrom(SHA256.HashData(key))) },
            Root = trust!.RootHash,
        };
        if (AgentsCertificate.IsSelfMade(store.Configuration) && addresses.Exists(address => address.Scheme == "https"))
        {
            using var certificate = AgentsCertificate.Load(store.Configuration, surroundings.Time).Certificate;
            invite.TlsPin = ByteString.CopyFrom(AgentsCertificate.Pin(certificate));
        }
        return invite;
    }

    static Command List(Surroundings surroundings)
    {
        var json = Listing.JsonOption();
        var command = new Command("list", "Shows the invites; their text is known to nobody but who got it.") { json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var invites = await store.Get<InviteDesk>().ListAsync(ct);
            var rows = invites.Select(invite => new
            {
                invite.Id,
                invite.Terms.Role,
                invite.Terms.Group,
                invite.Terms.Cc,
                invite.Used,
                invite.Terms.Uses,
                invite.Created,
                invite.Terms.Expires,
                invite.Revoked,
            }).ToList();
            Listing.Write(surroundings.Output, parsed.GetValue(json), rows, "No invites.",
                ("ID", row => row.Id), ("ROLE", row => row.Role), ("GROUP", row => row.Group), ("CC", row => row.Cc), ("USED", row => $"{row.Used}/{row.Uses}"),
                ("CREATED", row => row.Created), ("EXPIRES", row => row.Expires), ("REVOKED", row => row.Revoked));
            return 0;
        });
        return command;
    }

    static Command Revoke(Surroundings surroundings)
    {
        var id = new Argument<string>("ID") { Description = "As `invite list` shows it." };
        var command = new Command("revoke", "Makes an invite useless. Who redeemed it already stays.") { id };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            if (!await store.Get<InviteDesk>().RevokeAsync(parsed.GetValue(id)!, ct))
                throw new CommandFailure($"There is no invite {parsed.GetValue(id)}. See 'invite list'.");
            surroundings.Output.WriteLine($"Invite {parsed.GetValue(id)} is revoked.");
            return 0;
        });
        return command;
    }
}
