namespace ProbeNet.Agent.Probes.Dns;

/// <summary>How long is waited for a first reply, and how long the socket is listened to after it.</summary>
sealed record DnsTimes(TimeSpan Silence, TimeSpan Window)
{
    /// <summary>Replies kept of one question: a flood is no more evidence than this.</summary>
    public const int MostReplies = 16;

    public static DnsTimes Ordinary { get; } = new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(3));
}
