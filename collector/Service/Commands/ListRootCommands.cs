using System.CommandLine;
using Google.Protobuf;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Whose signature counts. A root is proposed beside the store, signed wherever its keys are, and published beside the store again.</summary>
static class ListRootCommands
{
    public static Command Create(Surroundings surroundings) => new("root", "Which keys count for lists: propose, sign (offline), publish.")
    {
        Show(surroundings),
        Propose(surroundings),
        Sign(surroundings),
        Publish(surroundings),
    };

    public static Command Key(Surroundings surroundings)
    {
        var path = new Option<string>("--key") { Description = "Where. Default: the key that signs lists, in your own directory." };
        var command = new Command("key", "Makes a key for releases or for the root, where there is none, and prints its public half.") { path };
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

    static Command Show(Surroundings surroundings)
    {
        var command = new Command("show", "The root in force.");
        command.SetAction(async (_, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var trust = await store.Get<TrustTable>().ReadAsync(ct) ?? throw new CommandFailure("There is no root yet: `list release` makes the first one.");
            Write(surroundings.Output, trust.Root);
            return 0;
        });
        return command;
    }

    static Command Propose(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "Where the proposal goes." };
        var rootKeys = Keys("--root-key", "A root key's public half, as `list key` prints it; several. Default: those in force.");
        var rootThreshold = Threshold("--threshold", "How many root keys have to sign. Default: as in force.");
        var releaseKeys = Keys("--releases-key", "A releases key's public half; several. Default: those in force. A key that is left out is revoked.");
        var releasesThreshold = Threshold("--approvals", "How many releases keys have to sign a release. Default: as in force.");
        var command = new Command("propose", "Writes the next root; the collector's online key of now is in it.") { file, rootKeys, rootThreshold, releaseKeys, releasesThreshold };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var trust = await store.Get<TrustTable>().ReadAsync(ct) ?? throw new CommandFailure("There is no root yet: `list release` makes the first one.");
            var root = trust.Root.Clone();
            root.Version++;
            root.ExpiresDay = Day.Of(surroundings.Time.GetUtcNow()) + RootDraft.DaysInForce;
            root.Root_ = Change(root.Root_, parsed.GetValue(rootKeys)!, parsed.GetValue(rootThreshold));
            root.Releases = Change(root.Releases, parsed.GetValue(releaseKeys)!, parsed.GetValue(releasesThreshold));
            root.Online = RootDraft.RoleOf(1, (await store.Get<CollectorKeyStore>().EnsureAsync(ct)).Online.PublicKey.Bytes);
            await File.WriteAllBytesAsync(parsed.GetValue(file)!, new Endorsed { Statement = root.ToByteString() }.ToByteArray(), ct);
            Write(surroundings.Output, root);
            surroundings.Output.WriteLine($"Proposed in {parsed.GetValue(file)}. Have it signed by {trust.Root.Root_.Threshold} root keys in force and {root.Root_.Threshold} of its own (`list root sign`), then publish it.");
            return 0;
        });
        return command;
    }

    static Command Sign(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "A proposal; the signature is added to it." };
        var key = new Option<string>("--key") { Description = "The file of a root key.", Required = true };
        var command = new Command("sign", "Shows a proposed root and signs it. Needs neither store nor network.") { file, key };
        command.SetAction(async (parsed, ct) =>
        {
            var endorsed = await ReadAsync(parsed.GetValue(file)!, ct);
            using var signing = ListKeyFile.Read(parsed.GetValue(key)!);
            Write(surroundings.Output, Root.Parser.ParseFrom(endorsed.Statement));
            endorsed.Add(SigningContext.Root, signing);
            await File.WriteAllBytesAsync(parsed.GetValue(file)!, endorsed.ToByteArray(), ct);
            surroundings.Output.WriteLine($"Signed; {endorsed.Signatures.Count} signatures.");
            return 0;
        });
        return command;
    }

    static Command Publish(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "A proposal with enough signatures." };
        var command = new Command("publish", "Agents follow this root from now on.") { file };
        command.SetAction(async (parsed, ct) =>
        {
            var endorsed = await ReadAsync(parsed.GetValue(file)!, ct);
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            if (await store.Get<TrustDesk>().PublishRootAsync(endorsed, ct) is { } missing)
                throw new CommandFailure(missing);
            surroundings.Output.WriteLine($"Root version {Root.Parser.ParseFrom(endorsed.Statement).Version} is in force. Where a releases key changed, release every list again.");
            return 0;
        });
        return command;
    }

    static KeyRole Change(KeyRole role, string[] keys, uint threshold) => RootDraft.RoleOf(
        threshold > 0 ? threshold : role.Threshold, keys.Length > 0 ? keys.Select(key => ByteString.CopyFrom(Convert.FromHexString(key))) : role.PublicKeys);

    static async Task<Endorsed> ReadAsync(string file, CancellationToken ct)
    {
        try
        {
            var endorsed = Endorsed.Parser.ParseFrom(await File.ReadAllBytesAsync(file, ct));
            _ = Root.Parser.ParseFrom(endorsed.Statement);
            return endorsed;
        }
        catch (InvalidProtocolBufferException)
        {
            throw new CommandFailure($"{file} is no proposed root.");
        }
    }

    static void Write(TextWriter output, Root root)
    {
        output.WriteLine($"Root version {root.Version}, until {Day.ToDate(root.ExpiresDay):yyyy-MM-dd}");
        foreach (var (name, role) in new[] { ("root", root.Root_), ("releases", root.Releases), ("online", root.Online) })
            output.WriteLine($"{name}: {role.Threshold} of {string.Join(' ', role.PublicKeys.Select(key => Convert.ToHexStringLower(key.Span)))}");
    }

    static Option<string[]> Keys(string name, string description)
    {
        var option = new Option<string[]>(name) { Description = description, DefaultValueFactory = _ => [] };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length != 64 || !token.Value.All(char.IsAsciiHexDigit)))
                result.AddError($"{name} is 64 hexadecimal digits, as `list key` prints them.");
        });
        return option;
    }

    static Option<uint> Threshold(string name, string description) => new(name) { Description = description };
}
