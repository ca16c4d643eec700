namespace ProbeNet.Agent.Measurements;

/// <summary>Section <c>Agent:Budget</c>.</summary>
sealed class BudgetOptions
{
    public const string Section = "Agent:Budget";

    const long Ordinary = 100_000_000;
    const long OnMobile = 20_000_000;

    /// <summary>Null: 100 MB, and 20 MB on a mobile line.</summary>
    public long? BytesPerDay { get; set; }

    public long Limit(bool mobile) => BytesPerDay ?? (mobile ? OnMobile : Ordinary);

    public bool IsValid() => BytesPerDay is null or >= 0;
}
