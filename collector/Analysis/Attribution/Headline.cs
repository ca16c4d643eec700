namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>
/// The word that the evidence supports (claim rules of contract 2 and analysis 4.4c), and again without each group of volunteers in
/// turn: what is said is no more than what all of them have in common.
/// </summary>
/// <param name="WithAll">The word before any was left out.</param>
sealed record Headline(string Word, string WithAll)
{
    const int FewestIsps = 3;
    const double IndependentBar = 0.9;
    const double NotSignificant = 0.05;
    const double Significant = 0.01;

    // Blocked targets from which a provider is said to have a list of its own.
    const int OwnList = 3;

    // A claim needs the first; without any one group it must still be more likely than not, and its place be seen at two providers.
    static readonly Bars Claim = new(0.95, IndependentBar, Located: 3);
    static readonly Bars WithoutAGroup = new(0.5, 0.5, Located: 2);

    /// <param name="onsets">Brackets of onset are everybody's: they weigh little and are not taken apart.</param>
    public static Headline Of(BlockTable table, ListAgreement list, OnsetAgreement onsets)
    {
        string Said(IReadOnlyList<IspColumn> isps, Bars bars)
        {
            var (mechanism, place) = (MechanismAgreement.Of(isps), PlaceAgreement.Of(isps));
            return WordOf((list.Likelihood + mechanism.Likelihood + onsets.Likelihood + place.Likelihood).Posterior(), table, list, mechanism, place, bars);
        }
        var all = Said(table.Isps, Claim);
        if (all == Organisations.Undetermined)
            return new(all, all);
        var word = all;
        foreach (var group in table.Isps.SelectMany(i => i.Groups).Distinct().Order())
            word = Common(word, Said([.. table.Isps.Select(i => i.Without(group))], WithoutAGroup));
        return new(word, all);
    }

    static string WordOf(Hypotheses posterior, BlockTable table, ListAgreement list, MechanismAgreement mechanism, PlaceAgreement place, Bars bars)
    {
        var coordinated = list.PValue <= Significant && posterior.Independent <= 1 - bars.Posterior;
        if (!coordinated)
            // That one provider blocks and others do not yet says nothing of how they decide.
            return posterior.Independent >= bars.Independent && list.PValue > NotSignificant && table.Isps.Count(i => i.Blocked >= OwnList) >= FewestIsps
                ? Organisations.Independent : Organisations.Undetermined;
        var most = Math.Max(FewestIsps, (2 * mechanism.Blocking + 2) / 3);
        var sameMarks = mechanism.Sharing >= most;
        var inPath = place.InPath >= FewestIsps && place.InPath > 2 * place.AtResolver;
        if (posterior.Gateway >= bars.Posterior && place.Common >= bars.Located && place.Common * 3 >= place.Located * 2)
            return Organisations.Gateway;
        if (posterior.Hybrid >= bars.Posterior && place.Own >= bars.Located && place.Own * 3 >= place.Located * 2 && sameMarks)
            return Organisations.Hybrid;
        if (posterior.Central >= bars.Posterior && (sameMarks || inPath))
            return Organisations.Central;
        return posterior.Order >= bars.Posterior && mechanism.IsSeparate ? Organisations.Order : Organisations.Coordinated;
    }

    /// <summary>The most that two words both say.</summary>
    public static string Common(string left, string right)
    {
        string[] both = [left, right];
        if (left == right)
            return left;
        if (both.Any(w => w is Organisations.Undetermined or Organisations.Independent or Organisations.Insufficient))
            return Organisations.Undetermined;
        return both.Any(w => w is Organisations.Order or Organisations.Coordinated) ? Organisations.Coordinated : Organisations.Central;
    }

    /// <param name="Posterior">From which an explanation, or that there is none of its own, is said.</param>
    /// <param name="Independent">The same of "independent".</param>
    /// <param name="Located">Providers with the place measured that "gateway" and "hybrid" need.</param>
    sealed record Bars(double Posterior, double Independent, int Located);
}
