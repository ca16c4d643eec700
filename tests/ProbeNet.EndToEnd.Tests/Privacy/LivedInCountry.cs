using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json;
using ProbeNet.EndToEnd.Tests.Field;
using ProbeNet.Lab.Addresses;
using ProbeNet.Testing;

namespace ProbeNet.EndToEnd.Tests.Privacy;

/// <summary>
/// A country that has lived for some minutes: volunteers behind every kind of line measured, were lied to, located what lied and
/// carried files; readers looked, and knocked where nobody should; then everything crashed. Whatever that left lies in <see cref="Places"/>.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class LivedInCountry : IAsyncDisposable
{
    const int BadSystemCall = 31;

    static readonly TimeSpan Long = TimeSpan.FromMinutes(4);
    static readonly Dictionary<string, string> Nothing = [];

    readonly InhabitedCountry _country;
    int _exports;

    LivedInCountry(InhabitedCountry country) => _country = country;

    internal InhabitedCountry Country => _country;

    /// <summary>What was handed out, unpacked as far as it is packed.</summary>
    internal string Exports => _country.Made("exports");

    /// <summary>Every folder that a program of ours wrote to, by what lies there.</summary>
    internal IEnumerable<(string Name, string Folder)> Places =>
    [
        ("collector's state", _country.CollectorState), ("agents' state", _country.Made("home-echo")), ("logs", _country.Logs),
        ("exports", Exports), ("crash dumps", _country.Crashes), ("all that is left", _country.Folder),
        .. _country.Database is { } database ? [("database with its log of writes", database.Folder)] : Array.Empty<(string, string)>(),
        .. _country.Broker is { } broker ? [("broker's store", broker.Folder)] : Array.Empty<(string, string)>(),
    ];

    /// <param name="withServers">A PostgreSQL and a RabbitMQ beside the collector; otherwise its embedded default.</param>
    internal static async Task<LivedInCountry> LiveAsync(bool withServers)
    {
        var lived = new LivedInCountry(await InhabitedCountry.StartAsync(withServers, withServers));
        try
        {
            await lived.LiveAsync();
            return lived;
        }
        catch
        {
            await lived.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a backup and unpacks it, its database as SQL.</summary>
    internal async Task BackUpAsync()
    {
        var folder = Made();
        var file = Path.Combine(folder, "backup");
        await _country.CollectAsync("backup", file);
        await TarFile.ExtractToDirectoryAsync(file, folder, overwriteFiles: true);
        var dump = Path.Combine(folder, "store.dump");
        await _country.RunAsync("collector", ["pg_restore", "--file=" + dump + ".sql", dump], Nothing);
    }

    public ValueTask DisposeAsync() => _country.DisposeAsync();

    async Task LiveAsync()
    {
        var serve = await _country.ServeAsync();
        await _country.ReleaseListAsync(
            "https://riverpost.example/", "https://workersunion.example/", "https://landrightswatch.example/", "http://oppositionforum.example/",
            "https://monsoonradio.example/", "https://forestdefenders.example/");
        var key = (await _country.CollectAsync("keys", "create", "--role", "analyst", "--name", "an analyst")).TrimEnd().Split('\n')[^1].Trim();
        var invite = await _country.InviteAsync("--uses", "6", "--cc", "KH");
        var controls = await _country.InviteAsync("--role", "control", "--uses", "2");
        FieldAgent Volunteer(string name, string mode = "standing") => new(_country, name, mode);
        var (crashing, echoed) = (Volunteer("crashing"), Volunteer("echo"));
        (FieldAgent Agent, string Host, string Invite)[] all =
        [
            (Volunteer("north"), "control-1", controls), (Volunteer("west"), "control-2", controls), (crashing, "alfa-1", invite), (Volunteer("bogon"), "bravo-2", invite),
            (Volunteer("carrier"), "carol-3", invite), (echoed, "delta-1", invite), (Volunteer("quiet", "brief"), "carol-2", invite),
        ];
        await Task.WhenAll(all.Select(each => each.Agent.EnrollAsync(each.Host, each.Invite)));
        var running = await Task.WhenAll(all.Select(async each =>
            (each.Agent, Process: await each.Agent.RunAsync(each.Host, ("PROBENET_Agent__Probes__Localisation", "anomaly"), ("PROBENET_Agent__Probes__Quic", "on")))));
        foreach (var (agent, _, _) in all[..^1])
            await agent.UntilAsync("has delivered", status => status.Tally.Accepted >= 12);
        await all[^1].Agent.UntilAsync("has measured", status => status.Produced >= 6);
        await Eventually.TrueAsync("something was located", async () => (await ReadAsync(key, "/api/v1/measurements?cc=KH&limit=500")).Contains("\"locus\":\"network\"", StringComparison.Ordinal), Long);
        await LookAsync(key);
        await KnockAsync();
        await BackUpAsync();
        if (_country.Database is { } database)
        {
            // What is delivered now stays with the broker.
            await database.KillAsync();
            var accepted = echoed.Status().Tally.Accepted;
            await echoed.UntilAsync("delivers while the database is dead", status => status.Tally.Accepted > accepted);
        }
        await CrashAsync(serve);
        var produced = echoed.Status().Produced;
        await echoed.UntilAsync("measures and seals while the collector is dead", status => status.Produced >= produced + 2 && status.Batches > 0);
        await CrashAsync(running.Single(each => each.Agent == crashing).Process);
        await echoed.CommandAsync("delta-1", "spool", "export", Path.Combine(Made(), "measurements"));
        foreach (var (agent, process) in running.Where(each => each.Agent != crashing))
            await _country.Lab.Stop(process);
        if (_country.Database is { } dead)
            await dead.RestartAsync();
    }

    /// <summary>An analyst and a stranger read what there is, and keep it.</summary>
    async Task LookAsync(string key)
    {
        using var rows = JsonDocument.Parse(await ReadAsync(key, "/api/v1/measurements?cc=KH&asn=64504"));
        var uid = rows.RootElement.GetProperty("items")[0].GetProperty("uid").GetString();
        foreach (var path in new[]
        {
            "/", "/?cc=KH", "/api/v1/matrix?cc=KH", "/api/v1/cells/KH/oppositionforum.example/64504", "/api/v1/isps", "/api/v1/coverage?cc=KH", "/api/v1/events",
            $"/api/v1/measurements/{uid}", "/api/v1/measurements?nonsense=1", "/api/v1/no-such", "/%00", "/sign-in",
        })
        {
            await ReadAsync(key, path);
            await ReadAsync(null, path);
        }
        await ReadAsync("nobody's", "/api/v1/matrix?cc=KH");
        var bundle = Path.Combine(Made(), "bundle.zip");
        await ReadAsync(key, $"/api/v1/measurements/{uid}/evidence", bundle);
        await ZipFile.ExtractToDirectoryAsync(bundle, bundle + ".unpacked");
    }

    /// <summary>Scanners, and somebody who speaks no protocol at all, at both doors.</summary>
    async Task KnockAsync()
    {
        foreach (var host in new[] { "reader", "alfa-2", "carol-1" })
        {
            foreach (var url in new[] { $"https://{AddressPlan.CollectorName}/", $"https://{AddressPlan.CollectorName}/admin", $"{InhabitedCountry.Web}/wp-login.php" })
                await _country.TryRunAsync(host, ["curl", "-sk", "-m", "5", "-H", "X-Forwarded-For: 11.1.2.10", url], Nothing);
            foreach (var port in new[] { 443, 8080 })
                await _country.TryRunAsync(host, ["bash", "-c", $"exec 3<>/dev/tcp/{AddressPlan.Collector.V4}/{port}; head -c 4096 /dev/urandom >&3; timeout 2 cat <&3 >/dev/null"], Nothing);
        }
    }

    // By a signal that leaves a dump and that the runtime does not take for itself.
    Task<int> CrashAsync(int process) => _country.Lab.Stop(process, BadSystemCall);

    async Task<string> ReadAsync(string? key, string path, string? into = null)
    {
        var file = into ?? Path.Combine(Made(), "answer");
        string[] asSomebody = key is null ? [] : ["-H", $"Authorization: Bearer {key}"];
        await _country.TryRunAsync("reader", ["curl", "-s", "-o", file, .. asSomebody, InhabitedCountry.Web + path], Nothing);
        return into is null && File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
    }

    string Made() => Directory.CreateDirectory(Path.Combine(Exports, $"{_exports++}")).FullName;
}
