using System.Net;
using System.Runtime.InteropServices;

namespace ProbeNet.Lab.Middlebox;

/// <summary>One direction of a connection.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Flow(IPAddress Source, IPAddress Destination, ushort SourcePort, ushort DestinationPort)
{
    public Flow Back => new(Destination, Source, DestinationPort, SourcePort);
}
