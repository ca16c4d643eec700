using MassTransit;

namespace ProbeNet.Collector.Queue;

/// <summary>One message of the broker: a serialised <see cref="Queued"/>, opaque to everything between intake and writer.</summary>
/// <remarks>The name stands in messages under way: renaming the class must not change it.</remarks>
[MessageUrn("probenet:queued:v1", useDefaultPrefix: false)]
sealed record QueuedBytes(byte[] Bytes);
