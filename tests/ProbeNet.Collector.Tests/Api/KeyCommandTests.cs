using System.Net;
using System.Text;
using ProbeNet.Collector.Service;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

public sealed class KeyCommandTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    [Fact]
    public async Task A_key_is_made_listed_and_revoked_from_the_shell()
    {
        var (code, output, _) = await RunAsync("keys", "create", "--role", "analyst", "--name", "newsroom");
        Assert.Equal(0, code);
        var key = output.TrimEnd().Split('\n')[^1];
        await country.Web.JsonAsync("/api/v1/measurements?limit=1", key);

        var (_, list, _) = await RunAsync("keys", "list", "--json");
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);
        var id = (string)System.Text.Json.Nodes.JsonNode.Parse(list)!.AsArray().Single(item => (string?)item!["name"] == "newsroom")!["id"]!;

        Assert.Equal(0, (await RunAsync("keys", "revoke", id)).Code);
        await country.Web.ProblemAsync("/api/v1/measurements?limit=1", HttpStatusCode.Unauthorized, key);
        var (again, _, error) = await RunAsync("keys", "revoke", id);
        Assert.Equal(1, again);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal(2, (await RunAsync("keys", "create", "--role", "reader")).Code);
    }

    [Fact]
    public async Task A_bundle_is_checked_from_the_shell_without_configuration()
    {
        var uid = await country.Web.Ground.Store.ReadAsync<Guid>("select uid from measurement where asn = 64501 order by uid limit 1");
        using var response = await country.Web.GetAsync($"/api/v1/measurements/{uid}/evidence", await country.Web.KeyAsync());
        var file = Path.Combine(Path.GetTempPath(), $"probenet-evidence-{uid}.zip");
        await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync(WebGround.Ct), WebGround.Ct);
        try
        {
            var (code, output, _) = await RunWithoutStoreAsync("verify", file);
            Assert.Equal(0, code);
            Assert.Contains("Proven:", output, StringComparison.Ordinal);
            Assert.Contains("Only the collector's word:", output, StringComparison.Ordinal);
            var (other, _, error) = await RunWithoutStoreAsync("verify", file, "--identity", new string('1', 64));
            Assert.Equal(1, other);
            Assert.Contains("does not hold", error, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, "nothing", WebGround.Ct);
            Assert.Equal(1, (await RunWithoutStoreAsync("verify", file)).Code);
        }
        finally
        {
            File.Delete(file);
        }
    }

    Task<(int Code, string Output, string Error)> RunAsync(params string[] args) =>
        RunWithoutStoreAsync([.. args, $"--ConnectionStrings:Store={country.Web.Ground.Store.Source.ConnectionString}"]);

    async Task<(int Code, string Output, string Error)> RunWithoutStoreAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(new StringBuilder()), new StringWriter(new StringBuilder()));
        var code = await CollectorCommandLine.RunAsync(args, new(TextReader.Null, output, error, country.Web.Ground.Store.Clock, _ => null), WebGround.Ct);
        return (code, output.ToString(), error.ToString());
    }
}
