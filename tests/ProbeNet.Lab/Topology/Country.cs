using System.Text.Json;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Sites;

namespace ProbeNet.Lab.Topology;

/// <summary>A country of the lab as its scenario file describes it: who is there, what is blocked, and what a right matrix says.</summary>
sealed record Country(
    string Cc, string Sites, string[] References, int Subscribers, Isp[] Isps, Isp[] Controls, Rule[] Rules, Truth[] Truth)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Directory => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    /// <summary>The inputs to be tested, from the Citizen Lab CSV file beside the scenario.</summary>
    public string[] Inputs { get; init; } = [];

    /// <summary>Sites that are not as any other, by name.</summary>
    public Dictionary<string, Site> Hosting { get; init; } = [];

    /// <summary>For rules that do not always hit.</summary>
    public int Seed { get; init; } = 1;

    public IEnumerable<string> Domains => Inputs.Select(input => new Uri(input).IdnHost);

    public static Country Load(string name)
    {
        var country = JsonSerializer.Deserialize<Country>(File.ReadAllText(Path.Combine(Directory, name + ".json")), Json)!;
        var inputs = File.ReadLines(Path.Combine(Directory, country.Sites)).Skip(1).Select(line => line.Split(',')[0]).ToArray();
        return country with { Inputs = inputs };
    }

    /// <summary>The mechanism that is at work, or "ok".</summary>
    public string TruthMechanism(string isp, string domain) => TruthOf(isp, domain)?.Mechanism ?? "ok";

    /// <summary>What is true of <paramref name="domain"/> at the ISP, or null where nobody interferes.</summary>
    public Truth? TruthOf(string isp, string domain) => Array.Find(Truth, truth => truth.At == isp && truth.Domain == domain);
}

/// <summary>A network with subscribers, or one with a control.</summary>
/// <param name="Cgnat">The lines have addresses of RFC 6598 and share the ISP's public ones.</param>
/// <param name="Ipv6">False where the ISP has none.</param>
/// <param name="Housemates">Further volunteers in the house of the first line.</param>
sealed record Isp(string Name, uint Asn, string Title, string? Cc = null, bool Cgnat = false, bool Ipv6 = true, int Housemates = 0);

/// <summary>What the matrix must say; one of several states where the evidence allows more than one.</summary>
sealed record Truth(string At, string Domain, string[] States, string Mechanism);
