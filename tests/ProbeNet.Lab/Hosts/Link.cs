using ProbeNet.Lab.Addresses;

namespace ProbeNet.Lab.Hosts;

/// <summary>A cable between two hosts.</summary>
static class Link
{
    /// <summary>Joins <paramref name="near"/> and <paramref name="far"/>; each end is named after the host at the other one.</summary>
    /// <remarks>One segment a packet: on packets of 64 KB no box sees a split hello and every limit is a wall.</remarks>
    public static void Join(Host near, AddressPair nearAddress, Host far, AddressPair farAddress)
    {
        var nearName = Name(far);
        var farName = Name(near);
        near.Cable($"link add {nearName} type veth peer name {farName} netns {far.Network}\n");
        near.Ip(Up(nearName, nearAddress));
        far.Ip(Up(farName, farAddress));
    }

    /// <summary>The interface of a host that leads to <paramref name="peer"/>. Names end at 15 characters.</summary>
    public static string Name(Host peer) => peer.Name.Length <= 15 ? peer.Name : peer.Name[..15];

    static string Up(string name, AddressPair address) =>
        $"link set {name} gso_max_segs 1\naddr add {address.V4}/24 dev {name}\n"
        + (address.V6 is null ? "" : $"addr add {address.V6}/64 dev {name} nodad\n") + $"link set {name} up\n";
}
