namespace ProbeNet.Agent.Measurements;

/// <summary>Deadlines of the steps, so chosen that one silent step leaves time for the others within the whole.</summary>
sealed record WebTimes
{
    public TimeSpan Whole { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(8);

    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Quic { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For one packet with a short life.</summary>
    public TimeSpan Hop { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>After the first replies: a forged one is followed by the true one, whose addresses are tried too.</summary>
    public TimeSpan SecondReply { get; init; } = TimeSpan.FromMilliseconds(300);
}
