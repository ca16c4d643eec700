namespace ProbeNet.Agent.Uplink;

enum ContactResult
{
    Done,

    /// <summary>No address answered.</summary>
    Unreachable,

    /// <summary>Something answered that does not hold the identity key.</summary>
    NotTheCollector,

    /// <summary>The collector said no.</summary>
    Refused,

    /// <summary>It began and broke off. What was not acknowledged waits still.</summary>
    Lost,
}

/// <param name="Reason">One of <see cref="Protos.Refusals"/> when refused; never an address.</param>
/// <param name="Remedy">The collector's own words, for the person at this end.</param>
/// <param name="WasWelcomed">A session had begun: what came after was no refusal of the key.</param>
sealed record ContactEnd(ContactResult Result, string Reason = "", string Remedy = "", bool WasWelcomed = false)
{
    public static readonly ContactEnd Done = new(ContactResult.Done);

    public static ContactEnd Of(Protos.V1.Refusal refusal) => new(ContactResult.Refused, refusal.Reason, refusal.Remedy);
}
