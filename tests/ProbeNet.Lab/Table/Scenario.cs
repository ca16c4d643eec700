using System.Text.Json;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Noise;
using ProbeNet.Lab.Sites;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Table;

/// <summary>One target and what is done to it, with what is true of it at each ISP.</summary>
/// <param name="Name">The target is NAME.example, unless <paramref name="Host"/> says otherwise.</param>
/// <param name="Truth">At every ISP that <paramref name="TruthAt"/> does not name.</param>
/// <param name="Host">As a list would write it, in any script.</param>
sealed record Scenario(string Name, CellTruth Truth, Dictionary<string, CellTruth>? TruthAt = null, string? Host = null)
{
    /// <summary>In rules and noise: at every ISP, each with a box of its own.</summary>
    const string Each = "each";

    /// <summary>The batch of those that do not disturb one another.</summary>
    public const string Together = "together";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Scheme { get; init; } = Uri.UriSchemeHttps;

    public string Path { get; init; } = "/";

    /// <summary>How the site behaves; null for any site.</summary>
    public Site? Site { get; init; }

    /// <summary>Scheme of hop.NAME.example, which the site redirects to; null where it does not.</summary>
    public string? Hop { get; init; }

    /// <summary>Scenarios of one batch are measured side by side.</summary>
    public string Batch { get; init; } = Together;

    public ScenarioRule[] Rules { get; init; } = [];

    public NoiseRule[] Noise { get; init; } = [];

    /// <summary>Numbers of the web-connectivity cases of OONI's quality tests (webconnectivityqa) that it rebuilds.</summary>
    public int[] Ooni { get; init; } = [];

    public string Input => $"{Scheme}://{Host ?? Name + ".example"}{Path}";

    /// <summary>The name as it is asked for, in letters, digits and hyphens.</summary>
    public string Domain => new Uri(Input).IdnHost;

    public string? HopDomain => Hop is null ? null : "hop." + Domain;

    public static IReadOnlyList<Scenario> Load() =>
        JsonSerializer.Deserialize<Scenario[]>(File.ReadAllText(System.IO.Path.Combine(Country.Directory, "table.json")), Json)!;

    public CellTruth TruthFor(string isp) => TruthAt?.GetValueOrDefault(isp) ?? Truth;

    public IEnumerable<Rule> RulesFor(IEnumerable<string> isps) =>
        from rule in Rules
        from at in rule.At == Each ? isps : [rule.At]
        select new Rule(at, rule.Kind, rule.Domains ?? [Domain], rule.Answer, rule.Echo)
        { Chance = rule.Chance, Residual = rule.Residual, Path = rule.Path, CopiesTtl = rule.CopiesTtl };

    public IEnumerable<NoiseRule> NoiseFor(IEnumerable<string> isps) =>
        from noise in Noise
        from at in noise.At == Each ? isps : [noise.At]
        select noise with { At = at };
}

/// <summary>As <see cref="Rule"/>; "each" ISP, and the scenario's own domain where none is named.</summary>
sealed record ScenarioRule(string At, string Kind, string[]? Domains = null, string? Answer = null, bool Echo = false)
{
    public double Chance { get; init; } = 1;

    public double Residual { get; init; }

    public string? Path { get; init; }

    public bool CopiesTtl { get; init; }
}

/// <summary>What a right cell says.</summary>
/// <param name="States">One of several where the evidence allows more than one.</param>
/// <param name="Mechanism">The strongest; several that would be right are parted by "|". Null where there is none.</param>
/// <param name="Place">
/// "isp" or "gateway"; with "?" where no test can find it; "unknown" where tests must say that they cannot tell. Null where there is none.
/// </param>
/// <param name="Also">Mechanisms that must be named beside the strongest.</param>
sealed record CellTruth(string[] States, string? Mechanism = null, string? Place = null, string[]? Also = null);
