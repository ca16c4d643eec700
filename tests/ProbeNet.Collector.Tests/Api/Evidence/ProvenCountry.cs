using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Store;
using ProbeNet.Protos.Sealing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Api.Evidence;

/// <summary>
/// Four days of a country in which one provider's resolver answers with a known blockpage's address: batches of several
/// measurements, controls, certificates, fingerprints, and a log whose first three days have their heads.
/// </summary>
public sealed class ProvenCountry : IAsyncLifetime
{
    public const string Fingerprint = "kh_isp_page";

    WebGround? _web;

    internal WebGround Web => _web!;

    /// <summary>Two measurements of one batch, one of another batch, one of the last day, and one whose link to the key is gone.</summary>
    internal IReadOnlyList<Guid> Uids { get; private set; } = [];

    internal async Task<SigningKey> IdentityAsync() => (await Web.Services.GetRequiredService<CollectorKeyStore>().EnsureAsync(WebGround.Ct)).Identity;

    public async ValueTask InitializeAsync()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false));
        await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(InventedCountry.Site));
        await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(InventedCountry.Site));
        for (var day = 0; day < 4; day++)
        {
            for (byte unit = 1; unit <= 3; unit++)
                await SealAsync(ground, ground.Volunteer((byte)((10 * day) + unit)), day);
            await ground.SettleAsync();
            if (day < 3)
                ground.Store.Clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal(2, (await ground.Store.Upkeep.RunOnceAsync(WebGround.Ct)).TreeHeads);
        var fingerprints = Path.Combine(Path.GetTempPath(), $"probenet-fingerprints-{Guid.NewGuid():n}.csv");
        await File.WriteAllTextAsync(fingerprints, $"name,scope,location_found,pattern_type,pattern,expected_countries\n{Fingerprint},isp,dns,full,{Page.Lie},KH\nother,isp,dns,full,9.9.33.34,KH\n", WebGround.Ct);
        try
        {
            _web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00", $"Collector:Fingerprints={fingerprints}");
            _ = _web.Services.GetRequiredService<Collector.Analysis.Fingerprints.FingerprintSet>();
        }
        finally
        {
            File.Delete(fingerprints);
        }
        await ground.Store.ReadAsync<long>("with gone as (delete from batch where seal_hash = (select seal_hash from log_leaf where index = 12) returning 1) select count(*) from gone");
        Uids =
        [
            await UidAsync("batch = (select seal_hash from log_leaf where index = 9) and leaf_index = 2"), await UidAsync("batch = (select seal_hash from log_leaf where index = 9) and leaf_index = 3"),
            await UidAsync("batch = (select seal_hash from log_leaf where index = 10) and leaf_index = 2"), await UidAsync("batch = (select seal_hash from log_leaf where index = 19) and leaf_index = 0"),
            await UidAsync("batch = (select seal_hash from log_leaf where index = 12) and leaf_index = 0"),
        ];
    }

    internal async Task<Dictionary<string, byte[]>> FilesAsync(Guid uid, bool circumstance = true) => Unpack(await BundleAsync(uid, circumstance));

    internal async Task<byte[]> BundleAsync(Guid uid, bool circumstance = true)
    {
        using var response = await Web.GetAsync($"/api/v1/measurements/{uid}/evidence?circumstance={(circumstance ? "true" : "false")}", await Web.KeyAsync());
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsByteArrayAsync(WebGround.Ct);
    }

    internal static Dictionary<string, byte[]> Unpack(byte[] bundle)
    {
        using var zip = new ZipArchive(new MemoryStream(bundle));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        }, StringComparer.Ordinal);
    }

    internal static byte[] Pack(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in files)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        return buffer.ToArray();
    }

    static async Task SealAsync(AnalysisGround ground, TestKey key, int day)
    {
        var page = new Page(InventedCountry.Site).System(Page.Lie).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth);
        var batch = key.Next(5, TestKey.Noon.AddDays(day).AddHours(-2), page.Host, (facts, circumstance) =>
        {
            facts.MergeFrom(page.Facts);
            facts.Input = page.Facts.Input;
            circumstance.Cc = "KH";
        }, Encoding.UTF8.GetBytes("genuine"));
        await ground.Store.Writer.WriteAsync(batch, WebGround.Ct);
    }

    Task<Guid> UidAsync(string where) => Web.Ground.Store.ReadAsync<Guid>($"select uid from measurement where {where}");

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
    }
}
