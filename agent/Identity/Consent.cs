namespace ProbeNet.Agent.Identity;

sealed partial class Consent
{
    /// <summary>What a volunteer who accepts without choosing agrees to (mission, volunteer safety 7). The rest is opt-in.</summary>
    public static IReadOnlyList<string> DefaultCategories => Protos.Categories.Ordinary;

    /// <param name="category">A Citizen Lab category code.</param>
    /// <param name="host">Lower case, in its ASCII form.</param>
    public bool Allows(string category, string host) => Categories.Contains(category) && !Refuses(host);

    /// <summary>True for a refused host and everything below it.</summary>
    public bool Refuses(string host)
    {
        var name = host.TrimEnd('.');
        return Refused.Any(refused =>
            name.Equals(refused, StringComparison.OrdinalIgnoreCase)
            || (name.EndsWith(refused, StringComparison.OrdinalIgnoreCase) && name[^(refused.Length + 1)] == '.'));
    }
}
