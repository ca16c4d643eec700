using System.Globalization;
using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>The fifteen networks of one real order (Sinar Project, iMAP 2024), as measurements would give them.</summary>
public sealed class CambodianTableTests(ITestOutputHelper output)
{
    // The ASNs of the table, in the order of Technique.Cambodia.
    static readonly long[] Networks = [38623, 38901, 131178, 131207, 38235, 24492, 17976, 23673, 17726, 45498, 58424, 135375, 137952, 38209, 133200];

    const int Blocked = 14;
    const int Open = 26;

    [Fact]
    public void One_order_on_fifteen_networks_is_no_gateway()
    {
        var random = new Random(2024);
        var verdict = WorldAnalysis.Of(Table(random), CellRules.Default).Attribution;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{verdict.Word}; technique entropy {verdict.Components.TechniqueEntropy:0.00} bits; posterior {verdict.Posterior}"));
        foreach (var evidence in verdict.Evidence)
            output.WriteLine($"{evidence.Kind}: {evidence.Text}");
        Assert.Contains(verdict.Word, new[] { Organisations.Order, Organisations.Coordinated });
        Assert.False(verdict.Preliminary);
        Assert.True(verdict.Posterior.Gateway < 0.01);
        // Seven kinds of symptoms on fifteen networks: about 2.5 bits; one device would be 0.
        Assert.InRange(verdict.Components.TechniqueEntropy!.Value, 2, 3.2);
    }

    static World Table(Random random)
    {
        var start = new DateTimeOffset(2024, 4, 1, 0, 0, 0, TimeSpan.Zero);
        var lines = new List<WorldObservation>();
        for (var i = 0; i < Networks.Length; i++)
            for (var unit = 0; unit < 3; unit++)
                for (var hour = 0; hour < 7 * 24; hour += 12)
                    for (var target = 0; target < Blocked + Open; target++)
                    {
                        var line = new WorldObservation(0, start.AddHours(hour).AddMinutes(random.Next(600)), Networks[i], $"{i}-{unit}", $"{i}-{unit}",
                            $"site-{target:00}.example", target < Blocked ? "NEWS" : "COMM", true, null, null, null, null, null, true, true,
                            Reason.Scheduled, null, null, Access.Fixed);
                        // Names on the list agree to 0.81 between networks.
                        if (target < Blocked && !(target == i % Blocked && i % 2 == 0))
                        {
                            var seen = Technique.Pick(Technique.Cambodia[i], random);
                            line = line with { Ok = false, Layer = seen.Layer, Mechanism = seen.Mechanism, Token = seen.Token, Via = seen.Via };
                        }
                        lines.Add(line);
                    }
        WorldHeader header = new("KH", [.. Networks.Select(asn => new WorldIsp(asn, $"AS{asn}", null))], 3, []);
        return new(header, [.. lines.OrderBy(l => l.Time).ThenBy(l => l.Unit, StringComparer.Ordinal).ThenBy(l => l.Domain, StringComparer.Ordinal)
            .Select((l, i) => l with { Line = i + 2 })]);
    }
}
