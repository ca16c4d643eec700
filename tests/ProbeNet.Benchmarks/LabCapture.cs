using System.Runtime.Versioning;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Store.Embedded;
using ProbeNet.Lab.Control;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks;

/// <summary>
/// Measurements that agents made in the lab of a list of which 30 % fail (by name, address, handshake and silence), over HTTPS with
/// three certificates and two redirects each. They are taken from the lab's collector as they were sealed, once, and kept in a file.
/// </summary>
[SupportedOSPlatform("linux")]
static class LabCapture
{
    const int Enough = 1_000;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    static readonly string[] Homes = ["alfa-1", "alfa-2", "bravo-1", "bravo-2", "carol-1", "carol-2", "delta-1", "delta-2"];

    static string File
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(Directory.CreateDirectory(Path.Combine(cache, "probenet-benchmarks")).FullName, "lab-capture-1");
        }
    }

    /// <summary>The measurements and the certificates that they name.</summary>
    public static async Task<Batch> ReadAsync(CancellationToken ct)
    {
        if (!System.IO.File.Exists(File))
        {
            var made = await MakeAsync(ct);
            await System.IO.File.WriteAllBytesAsync(File + ".new", made.ToByteArray(), ct);
            System.IO.File.Move(File + ".new", File);
        }
        return Batch.Parser.ParseFrom(await System.IO.File.ReadAllBytesAsync(File, ct));
    }

    static async Task<Batch> MakeAsync(CancellationToken ct)
    {
        var home = Directory.CreateTempSubdirectory("probenet-capture-").FullName;
        try
        {
            await using var lab = await LabProcess.Start("benchmark");
            var collector = new LabCollector(lab, home);
            var serve = await collector.ServeAsync(ct);
            var invite = await collector.InviteAsync(Homes.Length, ct);
            var agents = new List<int>();
            foreach (var host in Homes)
            {
                var agent = new LabAgent(lab, host, home);
                await agent.EnrolAsync(invite, ct);
                agents.Add(await agent.RunAsync());
            }
            var batch = await GatherAsync(collector, ct);
            foreach (var agent in agents)
                await lab.Stop(agent, 9);
            await lab.Stop(serve);
            return batch;
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static async Task<Batch> GatherAsync(LabCollector collector, CancellationToken ct)
    {
        await using var store = NpgsqlDataSource.Create(EmbeddedConnection.String(new EmbeddedPostgresOptions(Path.Combine(collector.State, "store"))));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Patience);
        var last = 0L;
        while (true)
        {
            await using var count = store.CreateCommand("select count(*) from measurement");
            var stored = (long)(await count.ExecuteScalarAsync(deadline.Token))!;
            if (stored != last)
                Console.WriteLine($"capturing in the lab: {last = stored} of {Enough} measurements");
            if (stored >= Enough)
                break;
            await Task.Delay(TimeSpan.FromSeconds(2), deadline.Token);
        }
        var batch = new Batch();
        await using (var rows = store.CreateCommand("select details from measurement order by time, uid"))
        await using (var reader = await rows.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                batch.Measurements.Add(SealedMeasurement.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)));
        await using (var rows = store.CreateCommand("select bytes from blob order by hash"))
        await using (var reader = await rows.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                batch.Attachments.Add(ByteString.CopyFrom(reader.GetFieldValue<byte[]>(0)));
        return batch;
    }
}
