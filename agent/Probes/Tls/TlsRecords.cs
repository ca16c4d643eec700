namespace ProbeNet.Agent.Probes.Tls;

/// <summary>What can be read of TLS without its keys.</summary>
static class TlsRecords
{
    const byte AlertRecord = 21;

    /// <summary>The description of the first alert among the records in clear (RFC 8446, 6); 0 when there is none.</summary>
    public static uint AlertIn(ReadOnlySpan<byte> head)
    {
        while (head.Length >= 7)
        {
            var length = (head[3] << 8) | head[4];
            if (head[0] == AlertRecord && length == 2)
                return head[6];
            if (head.Length < 5 + length)
                return 0;
            head = head[(5 + length)..];
        }
        return 0;
    }
}
