using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Service;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Intake;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>The whole schema and what is asked of it, from the writer to pages and commands, on plain PostgreSQL and on TimescaleDB.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class EditionTests : IDisposable
{
    static readonly string[] Routes =
    [
        "/api/v1/matrix?cc=KH", $"/api/v1/cells/KH/{InventedCountry.Host}/64501", "/api/v1/coverage?cc=KH", "/api/v1/isps?cc=KH", "/api/v1/isps/64501",
        "/api/v1/controls", "/api/v1/lists", "/api/v1/methods", "/matrix.csv?cc=KH", "/api/v1/events?cc=KH", "/api/v1/attribution/KH",
    ];

    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("probenet-home-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task Every_resource_says_the_same_on_both_editions()
    {
        var plain = await AnswersAsync(await AnalysisGround.OnPostgresAsync());
        var timescale = await AnswersAsync(await AnalysisGround.OnTimescaleAsync());
        Assert.Equal(plain, timescale);
        Assert.Contains("\"blocked\"", plain[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "plain PostgreSQL")]
    [InlineData(true, "TimescaleDB")]
    public async Task Commands_do_their_work_on_either_edition(bool timescale, string edition)
    {
        var database = timescale ? await (await PgliteProcess.SharedAsync()).CreateSchemaAsync() : await (await PostgresProcess.SharedAsync()).CreateDatabaseAsync();
        Assert.Equal($"Schema 0 -> {Migrator.ProgramVersion} ({edition}).", await RunAsync(database, "migrate"));
        Assert.Equal($"Schema {Migrator.ProgramVersion} ({edition}), nothing to do.", await RunAsync(database, "migrate"));
        // Makes the collector's keys, which the file below is for.
        var invite = await RunAsync(database, "invite", "create", "--Collector:PublicAddresses:0=https://collector.example/");

        await using (var source = NpgsqlDataSource.Create(database))
        {
            var file = await CarriedAsync(source);
            Assert.Equal($"{file}: 2 batches, 8 measurements accepted, 0 batches rejected", await RunAsync(database, "import", file));
            Assert.Equal($"{file}: 2 batches, 8 measurements accepted, 0 batches rejected", await RunAsync(database, "import", file));
            Assert.Equal(8, await CountAsync(source, "measurement_all"));
            Assert.Equal(2, await CountAsync(source, "log_leaf"));
        }
        var checks = JsonNode.Parse(await RunAsync(database, "doctor", "--json"))!.AsArray();
        Assert.Equal(["ok", "ok"], checks.Where(check => (string)check!["name"]! is "database" or "schema").Select(check => (string)check!["result"]!));
        Assert.NotEmpty(await RunAsync(database, "matrix", "--cc", "KH"));
        Assert.Equal("[]", (await RunAsync(database, "agents", "list", "--json")).Trim());
        Assert.NotEmpty(invite);
    }

    [Fact]
    public async Task A_backup_restored_into_an_empty_store_has_its_keys_and_its_rows()
    {
        var server = await PostgresProcess.SharedAsync();
        var (from, to) = (await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync());
        await RunAsync(from, "invite", "create", "--Collector:PublicAddresses:0=https://collector.example/");
        await using var source = NpgsqlDataSource.Create(from);
        await RunAsync(from, "import", await CarriedAsync(source));
        var backup = Path.Combine(_home.FullName, "backup.tar");
        await RunAsync(from, "backup", backup);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));

        Assert.Contains("Restored", await RunAsync(to, "restore", backup), StringComparison.Ordinal);
        await using var restored = NpgsqlDataSource.Create(to);
        Assert.Equal(8, await CountAsync(restored, "measurement_all"));
        Assert.Equal(await KeysAsync(source), await KeysAsync(restored));
        Assert.Equal(0, await CountAsync(restored, "epoch_secret"));
        var (code, _, error) = await CommandAsync(to, "restore", backup);
        Assert.Equal(1, code);
        Assert.StartsWith("The store is not empty.", error, StringComparison.Ordinal);
    }

    static async Task<string[]> AnswersAsync(AnalysisGround ground)
    {
        await ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false));
        await InventedCountry.FillAsync(ground);
        await using var web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00");
        var key = await web.KeyAsync();
        var answers = new List<string>();
        foreach (var route in Routes)
        {
            using var answer = await web.GetAsync(route);
            answers.Add(await answer.Content.ReadAsStringAsync(Ct));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{route}: {answer.StatusCode} {answers[^1]}");
        }
        // Every measurement has an identifier of its own: what they say is compared, and that each opens.
        var rows = (await web.JsonAsync("/api/v1/measurements?cc=KH", key))["items"]!.AsArray();
        answers.AddRange(rows.Select(row => $"{row!["asn"]} {row["domain"]} {row["started"]} {row["finding"]!["outcome"]}").Order(StringComparer.Ordinal));
        var uid = (string)rows[0]!["uid"]!;
        Assert.Contains(uid, (await web.JsonAsync($"/api/v1/measurements/{uid}", key)).ToJsonString(), StringComparison.Ordinal);
        using var evidence = await web.GetAsync($"/api/v1/measurements/{uid}/evidence", key);
        Assert.Equal(HttpStatusCode.OK, evidence.StatusCode);
        return [.. answers];
    }

    /// <summary>A spool file of a key that the collector of this store certified.</summary>
    async Task<string> CarriedAsync(NpgsqlDataSource source)
    {
        var keys = await new Collector.Fleet.Keys.CollectorKeyStore(source, TimeProvider.System).EnsureAsync(Ct);
        using var key = SigningKey.Create();
        var certificate = keys.Identity.Sign(SigningContext.Certificate, new KeyCertificate
        {
            PublicKey = key.PublicKey.Bytes,
            Unit = ByteString.CopyFrom(1, 2, 3, 4),
            Group = ByteString.CopyFrom(5, 6, 7, 8),
            Role = Role.Agent,
            Cc = "KH",
            Asn = 64501,
            AsnSource = AsnSource.Bound,
            IssuedDay = RunningCollector.Today,
            Epoch = Day.EpochOf(RunningCollector.Today) + 1,
            ExpiresDay = RunningCollector.Today + 20,
        });
        var sealer = new BatchSealer(key, 0, default);
        var path = Path.Combine(_home.FullName, "carried.spool");
        await using var file = File.Create(path);
        CarriedFile.WriteHead(file);
        foreach (var batch in new[] { sealer.Next(4), sealer.Next(4) })
            CarriedFile.Write(file, new() { Certificate = certificate, Envelope = Sealed.TrySeal(batch.ToByteArray(), keys.Encryption[0].PublicKey)! });
        return path;
    }

    static async Task<long> CountAsync(NpgsqlDataSource source, string table)
    {
        await using var command = source.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    static async Task<string> KeysAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select string_agg(kind || encode(secret, 'hex'), ' ' order by kind, id) from collector_key");
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }

    async Task<string> RunAsync(string database, params string[] args)
    {
        var (code, output, error) = await CommandAsync(database, args);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {error}");
        return output.TrimEnd();
    }

    async Task<(int Code, string Output, string Error)> CommandAsync(string database, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new Surroundings(TextReader.Null, output, error, TimeProvider.System, name => name == "HOME" ? _home.FullName : null);
        var code = await CollectorCommandLine.RunAsync(
            ["--Collector:StateDirectory=" + _home.FullName, "--ConnectionStrings:Store=" + database, .. args], surroundings, Ct);
        return (code, output.ToString(), error.ToString());
    }
}
