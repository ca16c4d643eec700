using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ProbeNet.Collector.Api.Evidence;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Checks an evidence bundle with nothing but its bytes: no configuration, no store, no network.</summary>
static class VerifyCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The zip that /measurements/UID/evidence gave." };
        var identity = new Option<string>("--identity") { Description = "The collector's public key that you expect, in hexadecimal." };
        var log = new Option<string>("--log") { Description = "A later state of the collector's log, as `export log --after DAYS` wrote it: does it continue the bundle's?" };
        var authority = new Option<string>("--authority") { Description = "Certificate of the outside authority that you expect to have stamped the log, as PEM; several may stand in the file." };
        var json = Listing.JsonOption();
        var command = new Command("verify", "Says what an evidence bundle proves, by which key, and what is only the collector's word.") { bundle, identity, log, authority, json };
        command.SetAction(async (parsed, ct) =>
        {
            var claims = await ReadAsync(parsed.GetValue(bundle)!, Pinned(parsed.GetValue(identity)), await LaterAsync(parsed.GetValue(log), ct), Authority(parsed.GetValue(authority)), ct);
            if (parsed.GetValue(json))
                Listing.WriteJson(surroundings.Output, claims);
            else
                Write(surroundings.Output, claims);
            var wrong = claims.Count(claim => claim.Strength == Strength.False);
            return wrong == 0 ? 0 : throw new CommandFailure($"The bundle does not hold: {wrong} of {claims.Count} statements are false.");
        });
        return command;
    }

    static void Write(TextWriter output, IReadOnlyList<Claim> claims)
    {
        foreach (var (strength, head) in new[]
        {
            (Strength.False, "FALSE"), (Strength.Proven, "Proven"), (Strength.CollectorsWord, "Only the collector's word"), (Strength.Missing, "Cannot be checked here"),
        })
        {
            var own = claims.Where(claim => claim.Strength == strength).ToList();
            if (own.Count == 0)
                continue;
            output.WriteLine($"{head}:");
            foreach (var claim in own)
                output.WriteLine($"  {claim.Text}");
        }
    }

    static async Task<IReadOnlyList<Claim>> ReadAsync(string path, VerificationKey? pinned, LogGrowth? later, X509Certificate2Collection authority, CancellationToken ct)
    {
        try
        {
            using var copy = new MemoryStream(await File.ReadAllBytesAsync(path, ct));
            return BundleCheck.Run(copy, pinned, later, authority);
        }
        catch (InvalidDataException e)
        {
            throw new CommandFailure($"{path} is no evidence bundle: {e.Message}");
        }
    }

    static async Task<LogGrowth?> LaterAsync(string? path, CancellationToken ct)
    {
        if (path is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<LogGrowth>(await File.ReadAllBytesAsync(path, ct), BundleJson.Strict) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{path} is no state of a log, as `export log` writes it.");
        }
    }

    static X509Certificate2Collection Authority(string? path)
    {
        var certificates = new X509Certificate2Collection();
        if (path is null)
            return certificates;
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (CryptographicException)
        {
            // Said below.
        }
        return certificates.Count > 0 ? certificates : throw new CommandFailure($"{path} holds no certificate as PEM.");
    }

    static VerificationKey? Pinned(string? text)
    {
        if (text is null)
            return null;
        try
        {
            if (VerificationKey.TryImport(Convert.FromHexString(text.Trim()), out var key))
                return key;
        }
        catch (FormatException)
        {
            // Said below.
        }
        throw new CommandFailure("--identity is no public key: 64 hexadecimal digits are expected.");
    }
}
