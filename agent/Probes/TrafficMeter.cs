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

    const int PacketsOfConnection = 7;

    long _total;
    long _packets;
    long _segments;

    public long Total => Interlocked.Read(ref _total);

    /// <summary>Segments are estimated by their payload; every other one brings an acknowledgement that carries nothing (RFC 9293, 3.8.6.3).</summary>
    public long Packets => Interlocked.Read(ref _packets) + Interlocked.Read(ref _segments) / 2;

    public void Datagram(int payload) => Add(payload + DatagramOverhead, 1);

    public void Connection() => Add(ConnectionOverhead, PacketsOfConnection);

    public void Stream(int payload)
    {
        var segments = (payload + SegmentPayload - 1) / SegmentPayload;
        Interlocked.Add(ref _segments, segments);
        Add(payload + segments * (SegmentOverhead + SegmentOverhead / 2), segments);
    }

    void Add(int bytes, int packets)
    {
        Interlocked.Add(ref _total, bytes);
        Interlocked.Add(ref _packets, packets);
    }
}
