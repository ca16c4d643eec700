using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>
/// A question on its way: the first usable reply lets the measurement go on, while the socket is listened to for the
/// rest of the window.
/// </summary>
/// <param name="Query">Safe to read when <paramref name="Complete"/> has ended, or under a lock on itself.</param>
/// <param name="First">Ends with the first usable reply, or with the query.</param>
/// <param name="Complete">Ends when nothing more is listened for. Never faults for what the network does.</param>
sealed record PendingQuery(DnsQuery Query, Task First, Task Complete);
