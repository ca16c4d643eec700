using System.Globalization;
using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Service;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Lab.Agents;

/// <summary>
/// The agent's own measurement, over a whole list at once: what a volunteer's machine does in a day, in seconds. It runs in a
/// process of its own on the lab's host. Unlike the service it also measures where that would pause (portal, filter product,
/// tunnel), so that the rules meet what it would have seen there.
/// </summary>
static class AgentBatch
{
    /// <summary>The command that starts it; never typed by people.</summary>
    public const string Command = "measure-batch";

    /// <summary>Carries out the orders whose files standard input names, a line each, and repeats the line when it is done.</summary>
    public static async Task Run()
    {
        await using var services = AgentServices.Build(Surroundings.OfProcess());
        while (await Console.In.ReadLineAsync() is { } file)
        {
            await Carry(JsonSerializer.Deserialize(await File.ReadAllTextAsync(file), AgentOrderJson.Default.AgentOrder)!, services);
            Console.WriteLine(file);
        }
    }

    static async Task Carry(AgentOrder order, ServiceProvider services)
    {
        var (plans, measurement, own) = (services.GetRequiredService<Plans>(), services.GetRequiredService<WebMeasurement>(), services.GetRequiredService<OwnAddresses>());
        var list = new TestListSnapshot(ListOf(order));
        var listed = order.Inputs.Select(input => new Uri(input).IdnHost).Concat(order.Hops).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var check = await services.GetRequiredService<NetworkChecks>().GetAsync(plans.Check(list), list, CancellationToken.None);
        // The first measurement of a process is its slowest; with many at once, its clocks would run out before the network's.
        foreach (var warm in order.References.Take(2))
            await measurement.RunAsync(warm, plans.Web(list, consent: null, warm, order.Asn), own.Scrubber(), CancellationToken.None);
        await using var output = File.Create(order.Output);
        await Parallel.ForEachAsync(order.Inputs, new ParallelOptions { MaxDegreeOfParallelism = order.AtOnce }, async (input, stop) =>
        {
            await Turn.Wait(stop);
            var plan = plans.Web(list, consent: null, input, order.Asn) with
            {
                IsControl = order.Control,
                Localise = order.Localise,
                Consented = listed.Contains,
                Addresses = [.. order.Addresses.GetValueOrDefault(input, []).Select(IPAddress.Parse)],
            };
            var observed = await Whole(await measurement.RunAsync(input, plan, own.Scrubber(), stop), stop);
            observed.Facts.Network = check;
            if (FactsScrubber.TryScrub(observed.Facts, observed.Certificates, own.Scrubber(), out var facts))
                Write(output, new SealedMeasurement { Facts = facts.ToByteString(), Circumstance = Now(order).ToByteString() }, observed.Certificates);
        });
    }

    /// <summary>What an order's output holds.</summary>
    public static IEnumerable<(byte[] Details, IReadOnlyList<byte[]> Certificates)> Read(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            var details = reader.ReadBytes(reader.ReadInt32());
            var certificates = new byte[reader.ReadInt32()][];
            for (var one = 0; one < certificates.Length; one++)
                certificates[one] = reader.ReadBytes(reader.ReadInt32());
            yield return (details, certificates);
        }
    }

    // A comparison or a localisation that had to wait for a device to forget.
    static async Task<Observed> Whole(Observed observed, CancellationToken stop) =>
        observed.Later is { } later ? await later(stop) : observed;

    static Circumstance Now(AgentOrder order)
    {
        const uint grain = 60;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new Circumstance { Time = now / grain * grain, TimeGrain = grain, List = "lab", ListVersion = 1, Reason = order.Control ? Reason.Task : Reason.Scheduled };
    }

    static TestList ListOf(AgentOrder order)
    {
        var list = new TestList { Name = "lab", Version = 1, Cc = "KH" };
        list.Entries.Add(order.Inputs.Distinct(StringComparer.Ordinal).Select(input => new ListEntry { Input = input, CategoryCode = "NEWS" }));
        list.References.Add(order.References);
        list.Resolvers.Add(order.Resolvers.Select(one => new Resolver { Name = one.Name, Url = one.Url }));
        list.NonResolvers.Add(order.NonResolvers.Select(address => ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes())));
        list.Words.Add(order.Words);
        list.Blockpages.Add(order.Blockpages.Select(one => new BlockpageFingerprint { Name = one.Name, Location = one.Location, PatternType = one.PatternType, Pattern = one.Pattern }));
        if (order.Localise)
            list.Prefixes.Add(File.ReadLines(Laboratory.AsnTable).Select(PrefixOf));
        return list;
    }

    // Of ip2asn's columns.
    static Prefix PrefixOf(string line)
    {
        var columns = line.Split('\t');
        return new Prefix
        {
            First = ByteString.CopyFrom(IPAddress.Parse(columns[0]).GetAddressBytes()),
            Last = ByteString.CopyFrom(IPAddress.Parse(columns[1]).GetAddressBytes()),
            Asn = uint.Parse(columns[2], CultureInfo.InvariantCulture),
            Cc = columns[3],
        };
    }

    static void Write(FileStream output, SealedMeasurement measurement, IReadOnlyList<byte[]> certificates)
    {
        lock (output)
        {
            using var writer = new BinaryWriter(output, System.Text.Encoding.UTF8, leaveOpen: true);
            var details = measurement.ToByteArray();
            writer.Write(details.Length);
            writer.Write(details);
            writer.Write(certificates.Count);
            foreach (var certificate in certificates)
            {
                writer.Write(certificate.Length);
                writer.Write(certificate);
            }
        }
    }
}
