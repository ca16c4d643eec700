using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Api.Evidence;
using ProbeNet.Collector.Service;
using ProbeNet.Collector.Store;
using Xunit;

namespace ProbeNet.Collector.Tests.Api.Evidence;

/// <summary>Bundles, the log and what a person publishes, from the shell.</summary>
public sealed class EvidenceCommandTests(ProvenCountry country) : IClassFixture<ProvenCountry>, IDisposable
{
    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("probenet-proof-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task A_bundle_is_checked_against_the_log_as_it_came_to_be()
    {
        var bundle = await FileAsync("bundle.zip", await country.BundleAsync(country.Uids[0]));
        var same = await FileAsync("same.json", System.Text.Encoding.UTF8.GetBytes((await RunAsync("export", "log", "--after", "2")).Output));
        var (code, output, _) = await RunAsync("verify", bundle, "--log", same);
        Assert.Equal(0, code);
        Assert.Contains("continues the one that the bundle names", output, StringComparison.Ordinal);

        var heads = await country.Web.Services.GetRequiredService<LogQueries>().HeadsAsync(WebGround.Ct);
        var identity = await country.IdentityAsync();
        DayHead[] grown = [.. heads, new(new(2026, 11, 22), 14, 3, new byte[32]), new(new(2026, 11, 23), 17, 9, new byte[32])];
        Assert.Equal(0, (await VerifyAsync(LogGrowth.Of(grown, heads.Count, identity))).Code);
        // A day of the past was changed, and everything signed anew.
        grown[0] = grown[0] with { Size = grown[0].Size - 1 };
        var (changed, said, _) = await VerifyAsync(LogGrowth.Of(grown, heads.Count, identity));
        Assert.Equal(1, changed);
        Assert.Contains("The later log does not continue the one that the bundle names", said, StringComparison.Ordinal);
        Assert.Equal(1, (await VerifyAsync(LogGrowth.Of(heads, 1, identity))).Code);
        Assert.Equal(1, (await RunAsync("export", "log", "--after", "3")).Code);
        Assert.Equal(1, (await RunAsync("verify", bundle, "--log", bundle)).Code);

        async Task<(int Code, string Output, string Error)> VerifyAsync(LogGrowth growth) =>
            await RunAsync("verify", bundle, "--log", await FileAsync("growth.json", BundleJson.Write(growth)));
    }

    [Fact]
    public async Task Heads_of_days_stay_as_they_are()
    {
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => country.Web.Ground.Store.ReadAsync<long>("with gone as (delete from tree_head returning 1) select count(*) from gone"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => country.Web.Ground.Store.ReadAsync<long>("with other as (update tree_head set size = 1 returning 1) select count(*) from other"));
    }

    [Fact]
    public async Task A_named_person_makes_one_row_public_by_its_day_and_that_is_logged()
    {
        var uid = country.Uids[0];
        Assert.Empty((await country.Web.JsonAsync("/api/v1/published"))["items"]!.AsArray());
        Assert.Equal(2, (await RunAsync("publish", uid.ToString())).Code);
        Assert.Equal(1, (await RunAsync("publish", Guid.NewGuid().ToString(), "--by", "A. Person", "--reason", "the court asked")).Code);
        Assert.Equal(0, (await RunAsync("publish", uid.ToString(), "--by", "A. Person", "--reason", "the court asked")).Code);

        using var answer = await country.Web.GetAsync("/api/v1/published");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(WebGround.Ct);
        var row = Assert.Single(JsonNode.Parse(text)!["items"]!.AsArray())!;
        Assert.Equal(("2026-11-20", "artefact"), ((string)row["day"]!, (string)row["finding"]!["outcome"]!));
        var index = JsonNode.Parse((await country.FilesAsync(uid, circumstance: false))[BundleFile.Index])!;
        Assert.Equal((string)index["measurement"]!["leaf"]!, (string)row["leaf"]!);
        foreach (var secret in new[] { uid.ToString(), uid.ToString("n"), "10:00", "A. Person", "the court" })
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("A. Person: the court asked", await country.Web.Ground.Store.ReadAsync<string>("select who || ': ' || reason from row_publication where uid = $1", uid));
        // Its day is not over for the public as long as the delay lasts.
        var reading = new Publication(Microsoft.Extensions.Options.Options.Create(new PublicationOptions { Delay = TimeSpan.FromDays(30) }), country.Web.Ground.Store.Clock);
        Assert.Empty(await country.Web.Services.GetRequiredService<RowPublications>().RowsAsync(reading.EndFor(Caller.Public), WebGround.Ct));
    }

    async Task<string> FileAsync(string name, byte[] bytes)
    {
        var path = Path.Combine(_home.FullName, name);
        await File.WriteAllBytesAsync(path, bytes, WebGround.Ct);
        return path;
    }

    async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new Surroundings(TextReader.Null, output, error, country.Web.Ground.Store.Clock, name => name == "HOME" ? _home.FullName : null);
        var code = await CollectorCommandLine.RunAsync([.. args, $"--ConnectionStrings:Store={country.Web.Ground.Store.Source.ConnectionString}"], surroundings, WebGround.Ct);
        return (code, output.ToString(), error.ToString());
    }
}
