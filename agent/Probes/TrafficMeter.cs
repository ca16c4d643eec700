namespace ProbeNet.Agent.Probes;

/// <summary>
/// Bytes that probes moved, as the volunteer's line carries them: payload and an estimate of the headers around it.
/// </summary>
sealed class TrafficMeter
{
    /// <summary>IPv4 and UDP headers.</summary>
    public const int DatagramOverhead = 28;

    /// <summary>IPv4 and TCP headers with the timestamp option.</summary>
    public const int SegmentOverhead = 52;

    /// <summary>Three segments to open a connection and four to close it.</summary>
    public const int ConnectionOverhead = 7 * SegmentOverhead;

    const int SegmentPayload = 1400;

    long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Datagram(int payload) => Interlocked.Add(ref _total, payload + DatagramOverhead);

    public void Connection() => Interlocked.Add(ref _total, ConnectionOverhead);

    public void Stream(int payload) =>
        Interlocked.Add(ref _total, payload + ((payload + SegmentPayload - 1) / SegmentPayload * SegmentOverhead));
}
