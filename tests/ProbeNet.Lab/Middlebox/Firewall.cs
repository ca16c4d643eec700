using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Middlebox;

/// <summary>The router's table of addresses that it does not let through.</summary>
sealed class Firewall(Host router)
{
    public void Apply(IEnumerable<IAddressInterference> interference)
    {
        var rules = string.Join('\n', interference.Select(rule => rule.FirewallRule));
        router.Tool("nft", ["-f", "-"], $$"""
            add table ip interference
            delete table ip interference
            table ip interference {
              chain blocked {
                type filter hook forward priority 0;
                {{rules}}
              }
            }
            """ + "\n");
    }
}
