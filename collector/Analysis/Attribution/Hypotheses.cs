using System.Text.Json.Serialization;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>A figure for each of the four explanations (mission, "Four explanations").</summary>
sealed record Hypotheses(double Independent, double Order, double Hybrid, double Gateway)
{
    public static readonly Hypotheses None = new(0, 0, 0, 0);

    [JsonIgnore]
    public double Central => Hybrid + Gateway;

    public static Hypotheses operator +(Hypotheses left, Hypotheses right) =>
        new(left.Independent + right.Independent, left.Order + right.Order, left.Hybrid + right.Hybrid, left.Gateway + right.Gateway);

    /// <summary>Probabilities from natural logarithms of likelihoods, each explanation equally probable beforehand.</summary>
    public Hypotheses Posterior()
    {
        var most = Math.Max(Math.Max(Independent, Order), Math.Max(Hybrid, Gateway));
        double i = Math.Exp(Independent - most), o = Math.Exp(Order - most), h = Math.Exp(Hybrid - most), g = Math.Exp(Gateway - most);
        var sum = i + o + h + g;
        return new(i / sum, o / sum, h / sum, g / sum);
    }
}

/// <summary>The words of the contract for how blocking is organised.</summary>
static class Organisations
{
    public const string Independent = "independent";
    public const string Order = "order";
    public const string Hybrid = "hybrid";
    public const string Gateway = "gateway";
    /// <summary>Hybrid or gateway, not told apart.</summary>
    public const string Central = "central";
    /// <summary>Not independent, the rest not told apart.</summary>
    public const string Coordinated = "coordinated";
    public const string Undetermined = "undetermined";
    public const string Insufficient = "insufficient";

    /// <summary>Of one target alone.</summary>
    public const string Alike = "alike";
    public const string Different = "different";
}
