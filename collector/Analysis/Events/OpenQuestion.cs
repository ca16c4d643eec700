using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>What sights of more homes would decide: whether an onset or an end is one, or whether a block lasts.</summary>
/// <param name="Since">The first sight that counts for it; may be yet to come, as what confirms comes later than what it confirms.</param>
/// <param name="Heard">Groups that need not be asked: they have looked since, or what they see says nothing.</param>
/// <param name="Wanted">Homes that are still to look; above 0.</param>
sealed record OpenQuestion(DateTimeOffset Since, IReadOnlyList<UnitTag> Heard, int Wanted)
{
    /// <summary>A home is wrong now and then and two may be wrong together: what three say is decided one way or the other.</summary>
    public const int Homes = 3;
}

/// <summary>A question at one provider.</summary>
sealed record ProviderQuestion(string Target, long Asn, OpenQuestion Question);
