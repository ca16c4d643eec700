using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>
/// Likelihood of who blocks what. Independent: every provider has a share of its own in every stratum. Otherwise there is
/// a list, unknown to us; who has it blocks most of it, and something of its own beside. All shares are integrated out
/// (Beta-Binomial), the list is the one that explains most.
/// </summary>
sealed class ListPattern
{
    const int Sweeps = 20;

    // Providers that have the list and do not block yet, or hardly (reference, Cambodia 2.2: "only a handful complied").
    const double Laggards = 0.25;

    readonly BlockTable _table;
    readonly int[] _strata;
    readonly int _strataCount;

    // Counts of blocked and seen cells: off the list by provider and stratum, on it by provider.
    readonly int[,] _offBlocked, _offSeen;
    readonly int[] _onBlocked, _onSeen, _listed, _targets;
    readonly bool[] _isListed;

    public ListPattern(BlockTable table, string[] strata)
    {
        _table = table;
        string[] names = [.. strata.Distinct(StringComparer.Ordinal)];
        _strata = [.. strata.Select(s => Array.IndexOf(names, s))];
        _strataCount = Math.Max(1, names.Length);
        _offBlocked = new int[table.Isps.Count, _strataCount];
        _offSeen = new int[table.Isps.Count, _strataCount];
        _onBlocked = new int[table.Isps.Count];
        _onSeen = new int[table.Isps.Count];
        _listed = new int[_strataCount];
        _targets = new int[_strataCount];
        _isListed = new bool[table.Targets.Count];
        for (var d = 0; d < table.Targets.Count; d++)
        {
            _targets[_strata[d]]++;
            Count(d, 1);
        }
    }

    /// <param name="clamp">The most that shared hands may differ from separate hands.</param>
    public Hypotheses Likelihood(double clamp)
    {
        var independent = OffList();
        for (var d = 0; d < _isListed.Length; d++)
            if (BlockedAt(d) >= 2)
                Move(d);
        for (var sweep = 0; sweep < Sweeps && Improve(); sweep++)
        {
        }
        var own = OwnHands();
        var order = OffList() + Lists() + own;
        var central = order + Math.Clamp(OneHand() - own, -clamp, clamp);
        return new(independent, order, central, central);
    }

    bool Improve()
    {
        var changed = false;
        var score = OffList() + Lists() + OwnHands();
        for (var d = 0; d < _isListed.Length; d++)
        {
            // What nobody blocks is on no list that one could know of.
            if (BlockedAt(d) == 0)
                continue;
            Move(d);
            var moved = OffList() + Lists() + OwnHands();
            if (moved > score + 1e-9)
                (score, changed) = (moved, true);
            else
                Move(d);
        }
        return changed;
    }

    int BlockedAt(int d)
    {
        var count = 0;
        for (var i = 0; i < _table.Isps.Count; i++)
            count += _table[d, i] == true ? 1 : 0;
        return count;
    }

    void Move(int d)
    {
        Count(d, -1);
        _isListed[d] = !_isListed[d];
        Count(d, 1);
    }

    void Count(int d, int by)
    {
        if (_isListed[d])
            _listed[_strata[d]] += by;
        for (var i = 0; i < _table.Isps.Count; i++)
            if (_table[d, i] is { } blocked)
            {
                if (_isListed[d])
                {
                    _onSeen[i] += by;
                    _onBlocked[i] += blocked ? by : 0;
                }
                else
                {
                    _offSeen[i, _strata[d]] += by;
                    _offBlocked[i, _strata[d]] += blocked ? by : 0;
                }
            }
    }

    double OffList()
    {
        double sum = 0;
        for (var i = 0; i < _table.Isps.Count; i++)
            for (var s = 0; s < _strataCount; s++)
                sum += LogBetaBinomial(_offBlocked[i, s], _offSeen[i, s], 0.5, 0.5);
        return sum;
    }

    double Lists()
    {
        double sum = 0;
        for (var s = 0; s < _strataCount; s++)
            sum += LogBetaBinomial(_listed[s], _targets[s], 0.5, 0.5);
        return sum;
    }

    double OwnHands()
    {
        double sum = 0;
        for (var i = 0; i < _table.Isps.Count; i++)
            sum += LogAdd(
                Math.Log(1 - Laggards) + LogBetaBinomial(_onBlocked[i], _onSeen[i], 3, 1),
                Math.Log(Laggards) + LogBetaBinomial(_onBlocked[i], _onSeen[i], 0.5, 3));
        return sum;
    }

    double OneHand() => LogBetaBinomial(_onBlocked.Sum(), _onSeen.Sum(), 12, 1);

    static double LogAdd(double x, double y) => Math.Max(x, y) + Math.Log(1 + Math.Exp(-Math.Abs(x - y)));

    static double LogBetaBinomial(int k, int n, double a, double b) => n == 0 ? 0 : LogGamma.Beta(k + a, n - k + b) - LogGamma.Beta(a, b);
}
