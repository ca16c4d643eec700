using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Api.Evidence;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.Collector.Tests.Api.Evidence;

public sealed class BundleTests(ProvenCountry country) : IClassFixture<ProvenCountry>
{
    static readonly string Script = Path.Combine(FingerprintTests.Root, "collector", "Api", "Evidence", "verify.py");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_untouched_bundle_holds_in_the_program_and_in_the_script(bool circumstance)
    {
        foreach (var uid in country.Uids.Take(4))
        {
            var bundle = await country.BundleAsync(uid, circumstance);
            var claims = Check(bundle, (await country.IdentityAsync()).PublicKey);
            Assert.DoesNotContain(claims, claim => claim.Strength == Strength.False);
            Assert.Contains(claims, claim => claim.Strength == Strength.Proven && claim.Text.Contains("signed exactly these bytes", StringComparison.Ordinal));
            Assert.Equal(uid != country.Uids[3], claims.Any(claim => claim.Strength == Strength.Proven && claim.Text.Contains("in the log of days", StringComparison.Ordinal)));
            Assert.Equal(circumstance, claims.Any(claim => claim.Strength == Strength.Proven && claim.Text.StartsWith("The finding \"artefact\" follows", StringComparison.Ordinal)));
            var (code, output) = await RunScriptAsync(bundle, (await country.IdentityAsync()).PublicKey);
            Assert.True(code == 0, output);
            Assert.Contains("The bundle holds.", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_link_to_the_key_a_bundle_says_what_is_left()
    {
        var bundle = await country.BundleAsync(country.Uids[4]);
        var claims = Check(bundle);
        Assert.DoesNotContain(claims, claim => claim.Strength == Strength.False);
        Assert.Contains(claims, claim => claim is { Strength: Strength.Missing } && claim.Text.Contains("30 days", StringComparison.Ordinal));
        Assert.DoesNotContain(claims, claim => claim.Text.Contains("signed exactly these bytes", StringComparison.Ordinal));
        Assert.Contains(claims, claim => claim is { Strength: Strength.Proven } && claim.Text.Contains("in the log of days", StringComparison.Ordinal));
        Assert.Equal(0, (await RunScriptAsync(bundle)).Code);
    }

    [Fact]
    public async Task Every_alteration_is_found_with_words_of_its_own()
    {
        Assert.True(Alterations.All.Count >= 50);
        var (files, sibling, stranger) = await ThreeAsync();
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var alteration in Alterations.All)
        {
            var altered = new AlteredBundle(files, sibling, stranger);
            alteration.Do(altered);
            var bundle = ProvenCountry.Pack(altered.Files);
            var own = Own(alteration, files);
            var found = Falsehoods(bundle).Find(text => text.StartsWith(own, StringComparison.Ordinal));
            Assert.True(found is not null, $"{alteration.Name}: {own} is not said, but {string.Join(" | ", Falsehoods(bundle))}");
            Assert.True(said.TryAdd(found, alteration.Name), $"{alteration.Name} and {said.GetValueOrDefault(found)} are told in the same words: {found}");
            var (code, output) = await RunScriptAsync(bundle);
            Assert.True(code == 1 && output.Contains("FALSE  ", StringComparison.Ordinal), $"The script does not find: {alteration.Name}");
        }
    }

    [Fact]
    public async Task What_the_collector_itself_alters_and_signs_is_found_by_what_others_signed()
    {
        var (files, sibling, stranger) = await ThreeAsync();
        var identity = await country.IdentityAsync();
        foreach (var alteration in Alterations.All.Where(alteration => alteration.Deep))
        {
            var altered = new AlteredBundle(files, sibling, stranger);
            alteration.Do(altered);
            var added = altered.Files.Keys.Where(name => name == "note.txt").ToList();
            Sign(altered, identity, except: added);
            var found = Falsehoods(ProvenCountry.Pack(altered.Files));
            Assert.True(found.Exists(text => text.StartsWith(Own(alteration, files), StringComparison.Ordinal)), $"{alteration.Name}: {string.Join(" | ", found)}");
        }
    }

    [Fact]
    public async Task A_bundle_that_another_collector_signed_anew_is_found_by_whoever_knows_the_key()
    {
        var (files, sibling, stranger) = await ThreeAsync();
        using var forger = SigningKey.Create();
        var altered = new AlteredBundle(files, sibling, stranger);
        altered.Index(index => index["identity"] = Convert.ToHexStringLower(forger.PublicKey.Bytes.Span));
        Sign(altered, forger, except: []);
        var bundle = ProvenCountry.Pack(altered.Files);
        var genuine = (await country.IdentityAsync()).PublicKey;
        Assert.Contains(Check(bundle, genuine), claim => claim is { Strength: Strength.False, Text: "The bundle comes from another collector than the one expected." });
        // Who knows no key sees at least that receipt, certificate and log are somebody else's.
        Assert.Equal(3, Falsehoods(bundle).Count(text => text.EndsWith("not signed by the collector's key.", StringComparison.Ordinal)));
        Assert.Equal(1, (await RunScriptAsync(bundle, genuine)).Code);
    }

    [Fact]
    public async Task What_is_no_zip_or_has_a_file_twice_is_no_bundle()
    {
        var bundle = await country.BundleAsync(country.Uids[0]);
        Assert.Throws<InvalidDataException>(() => Check(bundle[..(bundle.Length / 2)]));
        var files = ProvenCountry.Unpack(bundle);
        Assert.Contains("there twice", Assert.Throws<InvalidDataException>(() => Check(ProvenCountry.Pack([.. files, .. files.Take(1)]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_circumstance_neither_time_nor_identifier_is_in_the_bundle()
    {
        var shown = ProvenCountry.Unpack(await country.BundleAsync(country.Uids[0]));
        var hidden = ProvenCountry.Unpack(await country.BundleAsync(country.Uids[0], circumstance: false));
        Assert.Contains("\"time\": \"", Encoding.UTF8.GetString(shown[BundleFile.ReadableCircumstance]), StringComparison.Ordinal);
        Assert.DoesNotContain(BundleFile.Circumstance, hidden.Keys);
        Assert.DoesNotContain(hidden, file => Encoding.UTF8.GetString(file.Value).Contains(country.Uids[0].ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(hidden, file => Contains(file.Value, shown[BundleFile.Circumstance]));
        Assert.Equal(shown[BundleFile.Facts], hidden[BundleFile.Facts]);
    }

    [Fact]
    public async Task Rules_and_fingerprints_are_there_by_name_source_and_hash_and_the_cell_with_its_reasoning()
    {
        var files = await country.FilesAsync(country.Uids[0]);
        var fingerprints = JsonNode.Parse(files[BundleFile.Fingerprints])!;
        Assert.Equal(ProvenCountry.Fingerprint, (string)Assert.Single(fingerprints["used"]!.AsArray())!["name"]!);
        Assert.Equal((string)fingerprints["files"]![0]!["name"]!, (string)fingerprints["used"]![0]!["source"]!);
        Assert.Contains(JsonNode.Parse(files[BundleFile.Rules])!["fired"]!.AsArray(), rule => (string)rule!["rule"]! == "dns.blockpage_address");
        var cell = JsonNode.Parse(files[BundleFile.Cell])!;
        Assert.NotEmpty(cell["reasoning"]!.AsArray());
        Assert.Null(cell["cell"]!["witness"]);
        var table = Encoding.UTF8.GetString(files[BundleFile.Table]);
        Assert.Contains("the key's own signature", table, StringComparison.Ordinal);
        Assert.Contains("the collector says so", table, StringComparison.Ordinal);
        Assert.DoesNotContain("the government", table, StringComparison.Ordinal);
    }

    async Task<(Dictionary<string, byte[]> Files, Dictionary<string, byte[]> Sibling, Dictionary<string, byte[]> Stranger)> ThreeAsync() =>
        (await country.FilesAsync(country.Uids[0]), await country.FilesAsync(country.Uids[1]), await country.FilesAsync(country.Uids[2]));

    // What names a file or a rule is filled in: 0 the first control, 1 the certificate, 2 the first rule.
    static string Own(Alteration alteration, Dictionary<string, byte[]> files)
    {
        string First(string folder) => files.Keys.Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).First()[folder.Length..];
        return string.Format(
            CultureInfo.InvariantCulture, alteration.Says, First(BundleFile.ControlFolder)[..^4], First(BundleFile.AttachmentFolder),
            (string)JsonNode.Parse(files[BundleFile.Rules])!["fired"]![0]!["rule"]!);
    }

    static void Sign(AlteredBundle altered, SigningKey key, IReadOnlyCollection<string> except)
    {
        altered.Index(index => index["files"] = new JsonObject(
            altered.Files.Where(file => file.Key is not (BundleFile.Index or BundleFile.Signature) && !except.Contains(file.Key))
                .Select(file => KeyValuePair.Create(file.Key, (JsonNode?)Convert.ToHexStringLower(SHA256.HashData(file.Value))))));
        altered.Files[BundleFile.Signature] = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key.Sign(SigningContext.Bundle, altered.Files[BundleFile.Index])));
    }

    static List<string> Falsehoods(byte[] bundle)
    {
        try
        {
            return [.. Check(bundle).Where(claim => claim.Strength == Strength.False).Select(claim => claim.Text)];
        }
        catch (InvalidDataException e)
        {
            return [e.Message];
        }
    }

    static IReadOnlyList<Claim> Check(byte[] bundle, VerificationKey? pinned = null)
    {
        using var stream = new MemoryStream(bundle);
        return BundleCheck.Run(stream, pinned);
    }

    static bool Contains(byte[] bytes, byte[] part) => bytes.AsSpan().IndexOf(part) >= 0;

    static async Task<(int Code, string Output)> RunScriptAsync(byte[] bundle, VerificationKey? pinned = null)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, bundle, WebGround.Ct);
            string[] identity = pinned is null ? [] : [Convert.ToHexStringLower(pinned.Bytes.Span)];
            // Isolated: nothing but the standard library.
            using var python = Process.Start(new ProcessStartInfo("python3", ["-I", "-S", Script, file, .. identity]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var error = python.StandardError.ReadToEndAsync(WebGround.Ct);
            var output = await python.StandardOutput.ReadToEndAsync(WebGround.Ct);
            await python.WaitForExitAsync(WebGround.Ct);
            return (python.ExitCode, output + await error);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
