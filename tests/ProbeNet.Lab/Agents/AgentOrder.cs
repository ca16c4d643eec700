using System.Text.Json.Serialization;

namespace ProbeNet.Lab.Agents;

/// <summary>What an agent of the lab is to measure, in one go.</summary>
/// <param name="Inputs">Measured side by side; one may stand there several times.</param>
/// <param name="References">Innocuous inputs.</param>
/// <param name="Resolvers">As the agent's settings name them.</param>
/// <param name="NonResolvers">Addresses that run no resolver.</param>
/// <param name="Words">Parts of names that do not exist.</param>
/// <param name="Control">Whether it measures as a control does.</param>
/// <param name="AtOnce">How many at the same time.</param>
/// <param name="Output">File for what was seen.</param>
sealed record AgentOrder(
    string[] Inputs, string[] References, AgentResolver[] Resolvers, string[] NonResolvers, string[] Words, bool Control, int AtOnce, string Output)
{
    /// <summary>Whether packets with rising TTL are sent after an anomaly.</summary>
    public bool Localise { get; init; }

    /// <summary>Network that the host is in; 0 where it does not know it.</summary>
    public uint Asn { get; init; }

    /// <summary>Hosts that redirects may lead to, beside those of the inputs.</summary>
    public string[] Hops { get; init; } = [];

    /// <summary>Marks of blockpages that the list carries.</summary>
    public AgentFingerprint[] Blockpages { get; init; } = [];

    /// <summary>Addresses that a control is asked to try beside those that names give it, by input.</summary>
    public Dictionary<string, string[]> Addresses { get; init; } = [];
}

/// <param name="Name">Stands in observations.</param>
/// <param name="Url">As a test list gives it.</param>
sealed record AgentResolver(string Name, string Url);

/// <summary>As in the columns of a fingerprint file.</summary>
sealed record AgentFingerprint(string Name, string Location, string PatternType, string Pattern);

[JsonSerializable(typeof(AgentOrder))]
sealed partial class AgentOrderJson : JsonSerializerContext;
