using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Api.Evidence;
using ProbeNet.Collector.Service;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos.Sealing;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Api.Evidence;

/// <summary>Heads of the log, stamped by an authority that is not ours.</summary>
public sealed class TimestampTests(ProvenCountry country) : IClassFixture<ProvenCountry>, IAsyncLifetime
{
    LoopbackAuthority _authority = null!;

    public async ValueTask InitializeAsync()
    {
        _authority = await LoopbackAuthority.StartAsync();
        await country.Web.Ground.Store.ReadAsync<long>("with gone as (delete from head_stamp returning 1) select count(*) from gone");
    }

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    [Fact]
    public async Task The_newest_state_is_stamped_once_and_bundles_carry_the_stamp()
    {
        Assert.Contains(Check(await country.BundleAsync(country.Uids[0])), claim => claim.Strength == Strength.Missing && claim.Text.Contains("no outside authority", StringComparison.Ordinal));
        Assert.True(await Stamping().RunOnceAsync(_authority.Address, WebGround.Ct));
        Assert.False(await Stamping().RunOnceAsync(_authority.Address, WebGround.Ct));
        Assert.Equal(1, _authority.Asked);

        var bundle = await country.BundleAsync(country.Uids[0]);
        var claims = Check(bundle);
        Assert.DoesNotContain(claims, claim => claim.Strength == Strength.False);
        Assert.Contains(claims, claim => claim.Strength == Strength.Proven && claim.Text.StartsWith("CN=Loopback Authority", StringComparison.Ordinal));
        Assert.Contains(claims, claim => claim.Strength == Strength.Missing && claim.Text.Contains("--authority", StringComparison.Ordinal));
        Assert.Contains(Check(bundle, _authority.CertificateFile), claim => claim.Strength == Strength.Proven && claim.Text.Contains("expected authority's", StringComparison.Ordinal));
        await using var stranger = await LoopbackAuthority.StartAsync();
        Assert.Equal(["The time stamp is from another authority than the one expected."], Falsehoods(bundle, stranger.CertificateFile));
        Assert.Contains("an outside authority's signature", Encoding.UTF8.GetString(ProvenCountry.Unpack(bundle)[BundleFile.Table]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenSSL_and_the_script_agree()
    {
        Assert.True(await Stamping().RunOnceAsync(_authority.Address, WebGround.Ct));
        var home = Directory.CreateTempSubdirectory("probenet-stamp-");
        try
        {
            var bundle = await country.BundleAsync(country.Uids[0]);
            foreach (var (name, bytes) in ProvenCountry.Unpack(bundle).Where(file => file.Key is BundleFile.LogHead or BundleFile.Timestamp))
                await File.WriteAllBytesAsync(Path.Combine(home.FullName, name), bytes, WebGround.Ct);
            string[] arguments = ["ts", "-verify", "-data", Path.Combine(home.FullName, BundleFile.LogHead), "-in", Path.Combine(home.FullName, BundleFile.Timestamp), "-token_in", "-CAfile", _authority.CertificateFile];
            var (code, output, error) = await Interpreter.RunAsync("openssl", arguments, "", WebGround.Ct);
            Assert.True(code == 0 && (output + error).Contains("Verification: OK", StringComparison.Ordinal), output + error);
            var file = Path.Combine(home.FullName, "bundle.zip");
            await File.WriteAllBytesAsync(file, bundle, WebGround.Ct);
            (code, output, _) = await Interpreter.RunAsync("python3", ["-I", "-S", Path.Combine(FingerprintTests.Root, "collector", "Api", "Evidence", "verify.py"), file], "", WebGround.Ct);
            Assert.True(code == 0 && output.Contains("holds  the time stamp names this state of the log", StringComparison.Ordinal), output);
            var said = new StringWriter();
            var surroundings = new Surroundings(TextReader.Null, said, said, country.Web.Ground.Store.Clock, _ => null);
            Assert.Equal(0, await CollectorCommandLine.RunAsync(["verify", file, "--authority", _authority.CertificateFile], surroundings, WebGround.Ct));
            Assert.Contains("expected authority's", said.ToString(), StringComparison.Ordinal);
            Assert.Equal(1, await CollectorCommandLine.RunAsync(["verify", file, "--authority", file], surroundings, WebGround.Ct));
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_alteration_of_a_stamp_is_found_though_the_collector_signs_it_anew()
    {
        Assert.True(await Stamping().RunOnceAsync(_authority.Address, WebGround.Ct));
        var files = await country.FilesAsync(country.Uids[0]);
        var other = await OtherAsync();
        (string Says, Action<Dictionary<string, byte[]>> Do)[] alterations =
        [
            ("log-head.bin is another state of the log than the bundle names.", all => all[BundleFile.LogHead][7] ^= 1),
            ("timestamp.tst is no time stamp, or not as its authority signed it.", all => all[BundleFile.Timestamp] = all[BundleFile.Timestamp][..^9]),
            ("timestamp.tst is no time stamp, or not as its authority signed it.", all => all[BundleFile.Timestamp] = [.. all[BundleFile.Timestamp], 0]),
            ("The time stamp is of something else than this state of the log.", all => all[BundleFile.Timestamp] = other),
            ("timestamp.tst is no time stamp, or not as its authority signed it.", all => all[BundleFile.Timestamp][^1] ^= 1),
        ];
        foreach (var (says, alter) in alterations)
        {
            var altered = files.ToDictionary(file => file.Key, file => file.Value.ToArray(), StringComparer.Ordinal);
            alter(altered);
            await SignAsync(altered);
            Assert.Equal([says], Falsehoods(ProvenCountry.Pack(altered)));
        }
        // A state that nobody stamped cannot take the place of the stamped one.
        var later = files.ToDictionary(StringComparer.Ordinal);
        later.Remove(BundleFile.Timestamp);
        await SignAsync(later);
        Assert.Contains(Check(ProvenCountry.Pack(later)), claim => claim.Strength == Strength.Missing && claim.Text.Contains("no outside authority", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_authority_that_is_away_stops_nothing_and_is_asked_again()
    {
        var gone = _authority.Address;
        await _authority.DisposeAsync();
        var heads = country.Web.Services.GetRequiredService<LogQueries>();
        var before = (await heads.HeadsAsync(WebGround.Ct)).Count;
        Assert.False(await Stamping().RunOnceAsync(gone, WebGround.Ct));
        country.Web.Ground.Store.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await country.Web.Ground.Store.Upkeep.RunOnceAsync(WebGround.Ct)).TreeHeads);
        Assert.Null(await country.Web.Services.GetRequiredService<HeadStamps>().NewestAsync(WebGround.Ct));
        _authority = await LoopbackAuthority.StartAsync();

        // The worker itself: asked at its start, and again each hour while there is something new.
        using var worker = Stamping(_authority.Address);
        await worker.StartAsync(WebGround.Ct);
        await Eventually.TrueAsync("the log is stamped", async () => (await country.Web.Services.GetRequiredService<HeadStamps>().NewestAsync(WebGround.Ct))?.Days == before + 1);
        await worker.StopAsync(WebGround.Ct);
    }

    async Task<byte[]> OtherAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        return await TimestampAuthority.StampAsync(http, _authority.Address, [1, 2, 3], WebGround.Ct);
    }

    HeadStamping Stamping(Uri? authority = null) => new(
        country.Web.Services.GetRequiredService<LogQueries>(), country.Web.Services.GetRequiredService<HeadStamps>(), Options.Create(new TimestampOptions { Authority = authority }),
        country.Web.Ground.Store.Clock, NullLogger<HeadStamping>.Instance);

    async Task SignAsync(Dictionary<string, byte[]> files)
    {
        var index = JsonNode.Parse(files[BundleFile.Index])!;
        index["files"] = new JsonObject(files.Where(file => file.Key is not (BundleFile.Index or BundleFile.Signature))
            .Select(file => KeyValuePair.Create(file.Key, (JsonNode?)Convert.ToHexStringLower(SHA256.HashData(file.Value)))));
        files[BundleFile.Index] = Encoding.UTF8.GetBytes(index.ToJsonString());
        files[BundleFile.Signature] = Encoding.ASCII.GetBytes(Convert.ToHexStringLower((await country.IdentityAsync()).Sign(SigningContext.Bundle, files[BundleFile.Index])));
    }

    static List<string> Falsehoods(byte[] bundle, string? authority = null) => [.. Check(bundle, authority).Where(claim => claim.Strength == Strength.False).Select(claim => claim.Text)];

    static IReadOnlyList<Claim> Check(byte[] bundle, string? authority = null)
    {
        var certificates = new X509Certificate2Collection();
        if (authority is not null)
            certificates.ImportFromPemFile(authority);
        using var stream = new MemoryStream(bundle);
        return BundleCheck.Run(stream, null, null, certificates);
    }
}
