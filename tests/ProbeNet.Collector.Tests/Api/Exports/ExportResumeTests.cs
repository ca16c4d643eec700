using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Api.Exports;
using ProbeNet.Testing;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Api.Exports;

/// <summary>Exports that are interrupted, ended or forgotten.</summary>
public sealed class ExportResumeTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    const string Rows = """{"kind":"rows","format":"jsonl","cc":"KH","since":"2026-11-18","until":"2026-11-21"}""";

    readonly WebGround _web = country.Web;

    [Fact]
    public async Task What_an_interrupted_export_has_made_is_not_made_again()
    {
        var key = await _web.KeyAsync();
        var done = await ExportCalls.DoneAsync(_web, await ExportCalls.AskedAsync(_web, key, Rows), key);
        var whole = Path.Combine(Folder, (string)done["id"]!);

        // As a collector leaves it that is killed while it writes the second day.
        var id = new string('a', 32);
        var left = Directory.CreateDirectory(Path.Combine(Folder, id + ".copy")).FullName;
        var (job, manifest) = (Json(whole, "job.json"), Json(whole, "manifest.json"));
        job["id"] = id;
        while (manifest["partitions"]!.AsArray().Count > 1)
            manifest["partitions"]!.AsArray().RemoveAt(1);
        await File.WriteAllTextAsync(Path.Combine(left, "job.json"), job.ToJsonString(), Ct);
        await File.WriteAllTextAsync(Path.Combine(left, "manifest.json"), manifest.ToJsonString(), Ct);
        await File.WriteAllTextAsync(Path.Combine(left, "rows-2026-11-18.jsonl"), "as it was", Ct);
        await File.WriteAllTextAsync(Path.Combine(left, "rows-2026-11-19.jsonl.part"), "half a", Ct);
        Directory.Move(left, Path.Combine(Folder, id));
        Assert.Equal(("running", 1, 3), State(await _web.JsonAsync($"/api/v1/exports/{id}", key)));

        using var worker = new ExportWorker(_web.Services.GetRequiredService<ExportJobs>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ExportWorker>.Instance);
        await worker.StartAsync(Ct);
        var resumed = await ExportCalls.DoneAsync(_web, await _web.JsonAsync($"/api/v1/exports/{id}", key), key);
        await worker.StopAsync(Ct);
        Assert.Equal(("done", 3, 3), State(resumed));
        Assert.Equal("as it was", await File.ReadAllTextAsync(Path.Combine(Folder, id, "rows-2026-11-18.jsonl"), Ct));
        Assert.Equal(Json(whole, "manifest.json")["partitions"]!.AsArray()[2]!.ToJsonString(), Json(Path.Combine(Folder, id), "manifest.json")["partitions"]!.AsArray()[2]!.ToJsonString());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Folder, id), "*.part"));
    }

    [Fact]
    public async Task An_export_that_is_removed_ends_at_once_and_keeps_no_other_waiting()
    {
        var key = await _web.KeyAsync();
        await using var locked = await _web.Ground.Store.Source.OpenConnectionAsync(Ct);
        await using var transaction = await locked.BeginTransactionAsync(Ct);
        await using (var hold = new Npgsql.NpgsqlCommand("lock table unit_day in access exclusive mode", locked))
            await hold.ExecuteNonQueryAsync(Ct);
        // Cells wait for the table; single measurements do not need it.
        var stuck = await ExportCalls.AskedAsync(_web, key, """{"kind":"cells","cc":"KH","since":"2026-11-18","until":"2026-11-21"}""");
        await Eventually.TrueAsync("the export waits for the table",
            async () => await _web.Ground.Store.ReadAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%unit_day%'") > 0);
        var next = await ExportCalls.AskedAsync(_web, key, Rows);
        using var removed = await ExportCalls.SendAsync(_web, HttpMethod.Delete, $"/api/v1/exports/{stuck["id"]}", key);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(("done", 3, 3), State(await ExportCalls.DoneAsync(_web, next, key)));
        Assert.DoesNotContain(Directory.EnumerateDirectories(Folder), path => path.Contains((string)stuck["id"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_its_days_an_export_is_removed_and_so_is_what_was_left_half()
    {
        var key = await _web.KeyAsync();
        var done = await ExportCalls.DoneAsync(_web, await ExportCalls.AskedAsync(_web, key, Rows), key);
        Assert.Equal("2026-11-27", (string)done["expires"]!);
        Directory.CreateDirectory(Path.Combine(Folder, new string('b', 32) + ".new"));
        var clock = new FakeTimeProvider(_web.Ground.Store.Clock.GetUtcNow().AddDays(6));
        using var later = new ExportJobs(
            _web.Services.GetRequiredService<StateFolder>(), _web.Services.GetRequiredService<ExportRows>(), _web.Services.GetRequiredService<ManifestWriting>(), Options.Create(new ExportJobOptions()), clock);
        await later.RemoveExpiredAsync(Ct);
        Assert.Equal(HttpStatusCode.OK, (await _web.GetAsync($"/api/v1/exports/{done["id"]}", key)).StatusCode);
        Assert.DoesNotContain(Directory.EnumerateDirectories(Folder), path => path.EndsWith(".new", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromDays(1));
        await later.RemoveExpiredAsync(Ct);
        await _web.ProblemAsync($"/api/v1/exports/{done["id"]}", HttpStatusCode.NotFound, key);
        Assert.False(Directory.Exists(Path.Combine(Folder, (string)done["id"]!)));
    }

    string Folder => Path.Combine(_web.State, "exports");

    static JsonNode Json(string folder, string name) => JsonNode.Parse(Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, name))))!;

    static (string, int, int) State(JsonNode export) => ((string)export["state"]!, (int)export["progress"]!["done"]!, (int)export["progress"]!["total"]!);
}
