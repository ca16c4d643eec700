using System.Net;

namespace ProbeNet.Lab.Hosts;

/// <summary>A cable between two hosts.</summary>
static class Link
{
    /// <summary>Joins <paramref name="near"/> and <paramref name="far"/>; each end is named after the host at the other one.</summary>
    public static void Join(Host near, IPAddress nearAddress, Host far, IPAddress farAddress, int prefix)
    {
        var nearName = Name(far);
        var farName = Name(near);
        near.Ip($"""
            link add {nearName} type veth peer name {farName} netns {far.Network}
            addr add {nearAddress}/{prefix} dev {nearName}
            link set {nearName} up
            """ + "\n");
        far.Ip($"""
            addr add {farAddress}/{prefix} dev {farName}
            link set {farName} up
            """ + "\n");
    }

    /// <summary>Interface names end at 15 characters.</summary>
    static string Name(Host peer) => peer.Name.Length <= 15 ? peer.Name : peer.Name[..15];
}
