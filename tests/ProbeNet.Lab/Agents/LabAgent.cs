using System.Collections.Concurrent;
using System.Text.Json;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Agents;

/// <summary>One agent's sight of one input, with the certificates that it names.</summary>
/// <param name="Host">Where it was measured.</param>
/// <param name="Details">A serialised SealedMeasurement.</param>
sealed record AgentSight(string Host, DateTimeOffset Time, byte[] Details, IReadOnlyList<byte[]> Certificates);

/// <summary>Runs <see cref="AgentBatch"/> on the lab's hosts.</summary>
sealed class LabAgent(Laboratory lab, int atOnce = 10)
{
    static readonly string[] Words = ["river", "stone", "sun", "meadow", "lantern", "copper", "willow", "harbour", "pepper", "orchard"];
    readonly ConcurrentDictionary<string, int> _files = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, AgentOnHost> _staying = new(StringComparer.Ordinal);

    /// <summary>Added to the agents' settings.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["PROBENET_Agent__Probes__ResidualWait"] = "00:00:01",
        ["PROBENET_Agent__Localisation__PerDay"] = "100000",
        ["DOTNET_gcServer"] = "0",
        // 64 MiB: to stop all threads for a collection takes long where many processes share a core.
        ["DOTNET_GCgen0size"] = "0x4000000",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TieredCompilation"] = "1",
        // No second compilation of what runs often: it took a fifth of the processor, and an agent here lives for minutes.
        ["DOTNET_TC_CallCounting"] = "0",
    };

    /// <summary>Agents stay from one order to the next: they know their host's settings and line as these were at the first.</summary>
    public bool Stays { get; init; }

    /// <summary>Marks that the agents' list carries.</summary>
    public IReadOnlyList<AgentFingerprint> Blockpages { get; init; } = [];

    /// <exception cref="InvalidOperationException">The agent failed, or did not end.</exception>
    public async Task<IReadOnlyList<AgentSight>> Measure(string host, IReadOnlyList<string> inputs, Dictionary<string, string[]>? addresses = null, bool localise = false, IReadOnlyList<string>? hops = null)
    {
        var name = FileOf(host);
        var control = lab.Country.Controls.Any(one => one.Name == host);
        var order = new AgentOrder(
            [.. inputs], lab.Country.References,
            [
                new("lab-udp", $"udp://{AddressPlan.PublicResolver.V4}"),
                new("lab-https", $"https://{AddressPlan.ResolverName}/dns-query#{AddressPlan.PublicResolver.V4}"),
            ],
            [$"{lab.Plan.NonResolver}"], Words, control, atOnce, name + ".out")
        { Localise = localise, Asn = AsnOf(host), Hops = [.. hops ?? []], Blockpages = [.. Blockpages], Addresses = addresses ?? [] };
        await File.WriteAllTextAsync(name + ".json", JsonSerializer.Serialize(order, AgentOrderJson.Default.AgentOrder));
        var agent = Stays ? _staying.GetOrAdd(host, Start) : Start(host);
        await agent.Carry(name + ".json");
        if (!Stays)
            await agent.DisposeAsync();
        AgentSight[] sights = [.. AgentBatch.Read(order.Output).Select(one => new AgentSight(host, TimeProvider.System.GetUtcNow(), one.Details, one.Certificates))];
        foreach (var file in (string[])[".json", ".out"])
            File.Delete(name + file);
        return sights;
    }

    string FileOf(string host) => Path.Combine(Isolation.Directory, $"agent-{host}-{_files.AddOrUpdate(host, 1, (_, count) => count + 1)}");

    uint AsnOf(string host) => lab.Country.Isps.Concat(lab.Country.Controls).FirstOrDefault(isp => host == isp.Name || host.StartsWith(isp.Name + "-", StringComparison.Ordinal))?.Asn ?? 0;

    AgentOnHost Start(string host)
    {
        var name = FileOf(host);
        var settings = new Dictionary<string, string>(Settings) { ["PROBENET_Agent__StateDirectory"] = name + ".state", ["HOME"] = Isolation.Directory };
        return AgentOnHost.Start(lab.Network[host], settings, name + ".log");
    }

    /// <summary>Ends the agents that stay.</summary>
    public async Task End()
    {
        foreach (var agent in _staying.Values)
            await agent.DisposeAsync();
    }
}
