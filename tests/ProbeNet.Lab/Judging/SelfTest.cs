using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ProbeNet.Lab.Addresses;

namespace ProbeNet.Lab.Judging;

/// <summary>Does the country look to its subscribers as its scenario says, and whole once nobody interferes?</summary>
static class SelfTest
{
    const int AtOnce = 48;

    /// <summary>One line for every disagreement; empty when the lab is right.</summary>
    public static async Task<string[]> Run(Laboratory lab)
    {
        var blocked = await Disagreements(lab, lab.Country.TruthMechanism);
        lab.Apply([]);
        var open = await Disagreements(lab, (_, _) => "ok");
        lab.Apply(lab.Country.Rules);
        return [.. blocked, .. open.Select(line => "without rules: " + line)];
    }

    static async Task<string[]> Disagreements(Laboratory lab, Func<string, string, string> expected)
    {
        using var turn = new SemaphoreSlim(AtOnce);
        using var root = X509CertificateLoader.LoadCertificateFromFile(Laboratory.RootCertificate);
        var visits = from isp in lab.Country.Isps.Select(isp => (isp.Name, Homes: lab.Network.Subscribers(isp)))
                     from home in isp.Homes
                     from input in lab.Country.Inputs.Concat(lab.Country.References)
                     select Visit(turn, lab, root, isp.Name, home, lab.Network[home].Resolver!, new Uri(input), expected);
        // What reads names and addresses does so in both families; a resolver's lie is of one.
        var sixth = from isp in lab.Country.Isps
                    where isp.Ipv6
                    let home = lab.Network.Subscribers(isp).First()
                    from input in lab.Country.Inputs
                    where !expected(isp.Name, new Uri(input).Host).StartsWith("dns.", StringComparison.Ordinal)
                    select Visit(turn, lab, root, isp.Name, home, lab.Network[home].Resolver!, new Uri(input), expected, AddressFamily.InterNetworkV6);
        var controls = from control in lab.Country.Controls
                       from input in lab.Country.Inputs
                       select Visit(turn, lab, root, control.Name, control.Name, AddressPlan.PublicResolver.V4, new Uri(input), (_, _) => "ok");
        var found = await Task.WhenAll(visits.Concat(sixth).Concat(controls));
        return [.. found.Where(line => line is not null).Select(line => line!)];
    }

    static async Task<string?> Visit(
        SemaphoreSlim turn, Laboratory lab, X509Certificate2 root, string isp, string home, IPAddress resolver, Uri page,
        Func<string, string, string> expected, AddressFamily family = AddressFamily.InterNetwork)
    {
        await turn.WaitAsync();
        string seen;
        try
        {
            seen = await new Visitor(lab.Network[home], resolver, lab.Plan, root, family).Open(page);
        }
        finally
        {
            turn.Release();
        }
        var right = expected(isp, page.Host);
        return seen == right || seen.StartsWith(right + ".", StringComparison.Ordinal) ? null : $"{home} {page} {family}: {seen}, not {right}";
    }
}
