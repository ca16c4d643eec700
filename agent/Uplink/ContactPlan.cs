namespace ProbeNet.Agent.Uplink;

/// <summary>When the collector is contacted next. Every wait is drawn, so that no two days and no two agents look alike.</summary>
/// <param name="mode">Of the session.</param>
/// <param name="delay">The longest random wait; zero is a laboratory's wish to see things at once.</param>
sealed class ContactPlan(SessionMode mode, TimeSpan delay, Random random)
{
    // Two to six a day.
    static readonly TimeSpan ShortestGap = TimeSpan.FromHours(4);
    static readonly TimeSpan LongestGap = TimeSpan.FromHours(12);

    // What a cut looks like must not be answered with knocking.
    static readonly TimeSpan ShortestSilence = TimeSpan.FromHours(2);
    static readonly TimeSpan LongestSilence = TimeSpan.FromHours(6);

    static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    int _failures;

    /// <summary>True when what waits is reason enough for a contact.</summary>
    public bool SendsAtOnce => mode == SessionMode.Standing || delay == TimeSpan.Zero;

    /// <summary>Before the first contact after a start.</summary>
    public TimeSpan AtStart() => mode == SessionMode.Standing ? TimeSpan.Zero : UploadDelay();

    /// <summary>A random part of the longest wait.</summary>
    public TimeSpan UploadDelay() => delay * random.NextDouble();

    public TimeSpan AfterSuccess()
    {
        _failures = 0;
        return mode == SessionMode.Standing ? TimeSpan.Zero : Between(ShortestGap, LongestGap);
    }

    /// <param name="wasWelcomed">A session had begun: the collector was there, so the wait starts small again.</param>
    public TimeSpan AfterFailure(bool wasWelcomed)
    {
        if (!SendsAtOnce)
            return Between(ShortestSilence, LongestSilence);
        if (wasWelcomed)
            _failures = 0;
        var exponential = Math.Min(LongestRetry.TotalSeconds, FirstRetry.TotalSeconds * Math.Pow(2, _failures++));
        return TimeSpan.FromSeconds(exponential * (0.5 + (random.NextDouble() / 2)));
    }

    TimeSpan Between(TimeSpan shortest, TimeSpan longest) => shortest + ((longest - shortest) * random.NextDouble());
}
