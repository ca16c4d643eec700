namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>
/// Evidence of blocking from counts: a Beta-Binomial mixture whose influence is capped by the chance that a volunteer's
/// own machine is wrong or lies, so that many runs of one home never stand for several homes (analysis 2.3).
/// </summary>
static class Evidence
{
    /// <summary>Share of failures where nothing blocks.</summary>
    public const double Baseline = 0.02;

    /// <summary>Chance that one unit is wrong or hostile.</summary>
    public const double UnitError = 0.03;

    /// <summary>
    /// Chance that two units or more of one group are wrong together: rarer than one, as the homes are different, but
    /// whoever recruited them can make them lie.
    /// </summary>
    public const double GroupError = 0.005;

    /// <summary>Chance that a home bypasses the blocking (VPN, resolver abroad).</summary>
    public const double Bypass = 0.05;

    /// <summary>Spread between homes where nothing blocks.</summary>
    const double Correlation = 0.1;

    /// <summary>Share of cells that are blocked: lists are of sites that somebody may want blocked.</summary>
    const double Prior = 0.1;

    const double Floor = -3;

    /// <summary>What an artefact adds, inside the cap: it can be forged like any failure.</summary>
    const double ArtefactBonus = 2;

    /// <summary>Evidence bar (posterior) above which blocking is likely, and below which it is excluded.</summary>
    public const double Likely = 0.99;
    public const double Excluded = 0.2;

    /// <param name="interference">Measurements of one unit that show interference.</param>
    /// <param name="scored">All of its measurements that say anything.</param>
    /// <param name="baseline">Share of failures of the target where nothing blocks it.</param>
    /// <returns>Natural logarithm of the likelihood ratio of "blocked" over "not".</returns>
    public static double OfUnit(int interference, int scored, bool artefact, double baseline = Baseline)
    {
        if (scored == 0)
            return 0;
        var spread = 1 / Correlation - 1;
        double a = baseline * spread, b = spread - a;
        var plain = LogBetaBinomial(interference, scored, a, b);
        var blocked = LogAdd(Math.Log(1 - Bypass) + LogBetaBinomial(interference, scored, 9, 1), Math.Log(Bypass) + plain);
        var open = LogAdd(Math.Log(1 - UnitError) + plain, Math.Log(UnitError) + LogBetaBinomial(interference, scored, 1, 1));
        var evidence = blocked - open;
        return artefact ? Math.Min(evidence + ArtefactBonus, Cap(UnitError)) : evidence;
    }

    /// <summary>Units of one group together weigh little more than one.</summary>
    public static double OfGroup(IReadOnlyCollection<double> units) =>
        Math.Clamp(units.Sum(), Floor, Cap(units.Count > 1 ? GroupError : UnitError));

    public static double Posterior(double evidence) => 1 / (1 + Math.Exp(-(evidence + Math.Log(Prior / (1 - Prior)))));

    static double Cap(double error) => Math.Log(9 * (1 - Bypass) / error);

    // The binomial coefficient cancels in ratios.
    static double LogBetaBinomial(int k, int n, double a, double b) => LogGamma.Beta(k + a, n - k + b) - LogGamma.Beta(a, b);

    static double LogAdd(double x, double y)
    {
        var most = Math.Max(x, y);
        return most + Math.Log(Math.Exp(x - most) + Math.Exp(y - most));
    }
}
