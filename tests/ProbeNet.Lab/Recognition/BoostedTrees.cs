using System.Runtime.InteropServices;

namespace ProbeNet.Lab.Recognition;

/// <summary>
/// Tells two classes apart by a sum of small trees, each fitted to what those before it left over (gradient boosting: Friedman
/// 2001; gains and leaves of second order as Chen and Guestrin 2016, 2.2). Both classes weigh the same. No chance in it: the same
/// rows give the same trees.
/// </summary>
sealed class BoostedTrees
{
    const int Trees = 40, Depth = 3, MostBins = 32;
    const double Rate = 0.3, Ridge = 1, LeastGain = 1e-6;
    readonly List<Node[]> _trees = [];
    readonly double[] _gains;

    BoostedTrees(int marks) => _gains = new double[marks];

    /// <summary>How much each column helped, in parts of the whole.</summary>
    public IEnumerable<double> Shares => _gains.Sum() is > 0 and var all ? _gains.Select(gain => gain / all) : _gains;

    /// <param name="rows">All of one length.</param>
    /// <param name="positive">The class of each row; both must be there.</param>
    public static BoostedTrees Train(double[][] rows, bool[] positive)
    {
        var model = new BoostedTrees(rows[0].Length);
        double[][] edges = [.. Enumerable.Range(0, rows[0].Length).Select(mark => Edges([.. rows.Select(row => row[mark])]))];
        byte[][] bins = [.. rows.Select(row => row.Select((value, mark) => (byte)Bin(edges[mark], value)).ToArray())];
        var share = positive.Count(one => one) / (double)positive.Length;
        var weights = positive.Select(one => one ? 0.5 / share : 0.5 / (1 - share)).ToArray();
        var scores = new double[rows.Length];
        var (slopes, curves) = (new double[rows.Length], new double[rows.Length]);
        for (var round = 0; round < Trees; round++)
        {
            for (var row = 0; row < rows.Length; row++)
            {
                var chance = 1 / (1 + Math.Exp(-scores[row]));
                slopes[row] = weights[row] * ((positive[row] ? 1 : 0) - chance);
                curves[row] = weights[row] * chance * (1 - chance);
            }
            var tree = model.Grow(bins, edges, slopes, curves);
            model._trees.Add(tree);
            for (var row = 0; row < rows.Length; row++)
                scores[row] += Walk(tree, rows[row]);
        }
        return model;
    }

    /// <summary>The higher, the likelier positive.</summary>
    public double Score(double[] row) => _trees.Sum(tree => Walk(tree, row));

    static double Walk(Node[] tree, double[] row)
    {
        var at = 0;
        while (tree[at].Mark is { } mark)
            at = 2 * at + (row[mark] <= tree[at].Edge ? 1 : 2);
        return tree[at].Value;
    }

    Node[] Grow(byte[][] bins, double[][] edges, double[] slopes, double[] curves)
    {
        var tree = new Node[(2 << Depth) - 1];
        var places = new int[bins.Length];
        for (var at = 0; at < tree.Length; at++)
        {
            int[] here = [.. Enumerable.Range(0, bins.Length).Where(row => places[row] == at)];
            var (slope, curve) = (here.Sum(row => slopes[row]), here.Sum(row => curves[row]));
            tree[at] = new Node(null, 0, Rate * slope / (curve + Ridge));
            if (2 * at + 2 >= tree.Length || Best(bins, edges, here, slopes, curves, (slope, curve)) is not { Gain: > LeastGain } best)
                continue;
            tree[at] = new Node(best.Mark, edges[best.Mark][best.Bin], 0);
            _gains[best.Mark] += best.Gain;
            foreach (var row in here)
                places[row] = 2 * at + (bins[row][best.Mark] <= best.Bin ? 1 : 2);
        }
        return tree;
    }

    static (int Mark, int Bin, double Gain) Best(
        byte[][] bins, double[][] edges, int[] here, double[] slopes, double[] curves, (double Slope, double Curve) whole)
    {
        (int Mark, int Bin, double Gain) best = (0, 0, 0);
        Span<double> slope = stackalloc double[MostBins], curve = stackalloc double[MostBins];
        for (var mark = 0; mark < edges.Length; mark++)
        {
            slope.Clear();
            curve.Clear();
            foreach (var row in here)
            {
                slope[bins[row][mark]] += slopes[row];
                curve[bins[row][mark]] += curves[row];
            }
            var (left, bent) = (0.0, 0.0);
            for (var bin = 0; bin < edges[mark].Length; bin++)
            {
                (left, bent) = (left + slope[bin], bent + curve[bin]);
                var gain = Worth(left, bent) + Worth(whole.Slope - left, whole.Curve - bent) - Worth(whole.Slope, whole.Curve);
                if (gain > best.Gain)
                    best = (mark, bin, gain);
            }
        }
        return best;
    }

    static double Worth(double slope, double curve) => slope * slope / (curve + Ridge);

    // Halfway between neighbours; where there are too many values, between those that cut the rows into equal parts.
    static double[] Edges(double[] values)
    {
        double[] known = [.. values.Distinct().Order()];
        if (known.Length > MostBins)
        {
            double[] sorted = [.. values.Order()];
            known = [.. Enumerable.Range(0, MostBins).Select(part => sorted[part * (sorted.Length - 1) / (MostBins - 1)]).Distinct()];
        }
        return [.. known.Zip(known.Skip(1), (low, high) => (low + high) / 2)];
    }

    static int Bin(double[] edges, double value)
    {
        var found = Array.BinarySearch(edges, value);
        return found >= 0 ? found : ~found;
    }

    /// <param name="Mark">The column looked at; null in a leaf.</param>
    /// <param name="Edge">Up to here it is the first branch.</param>
    /// <param name="Value">Of a leaf.</param>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Node(int? Mark, double Edge, double Value);
}
