using System.Net;

namespace ProbeNet.Lab.Interference;

/// <summary>A connection whose ClientHello or Host header shows the name gets what the rule says.</summary>
/// <param name="tls">The name is looked for in hellos; else in requests.</param>
/// <param name="action">For this visitor.</param>
/// <param name="dice">A number from 0 to 1.</param>
sealed class NameMet(Rule rule, bool tls, Func<IPAddress, StreamAction> action, Func<double> dice) : IStreamInterference
{
    public StreamAction? Judge(StreamName name) =>
        name.Tls == tls && rule.Covers(name.Name) && (rule.Path is null || rule.Path == name.Path) && (rule.Chance >= 1 || dice() < rule.Chance)
            ? action(name.Visitor) with { Residual = TimeSpan.FromSeconds(rule.Residual) } : null;
}
