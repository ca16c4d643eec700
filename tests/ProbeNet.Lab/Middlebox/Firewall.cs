using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Middlebox;

/// <summary>The router's table of addresses that it does not let through.</summary>
sealed class Firewall(Host router)
{
    public void Apply(IEnumerable<IAddressInterference> interference)
    {
        var rules = string.Join('\n', interference.Select(rule => rule.FirewallRules));
        router.Tool("nft", ["-f", "-"], $$"""
            add table inet interference
            delete table inet interference
            table inet interference {
              chain blocked {
                type filter hook forward priority 0;
                {{rules}}
              }
            }
            """ + "\n");
    }
}
