namespace ProbeNet.Lab.Recognition;

/// <summary>One conversation or one stretch of time.</summary>
/// <param name="House">Where it was captured.</param>
/// <param name="Program">Who made it.</param>
/// <param name="Turn">Its number in the capture.</param>
sealed record Sample(string House, string Program, int Turn, Marks Marks);

/// <summary>How well one class of samples is told from another in houses that were never seen.</summary>
/// <param name="Area">Under the curve, over all houses' samples together.</param>
/// <param name="Telling">What told most, with its part of the whole.</param>
sealed record Recognised(double Area, double Low, double High, IReadOnlyList<(string Mark, double Share)> Telling);

/// <summary>Trains on all houses but one, scores that one's samples, and so for each house.</summary>
static class Recogniser
{
    const int Seed = 1, LeastSeen = 2, MostTelling = 8;

    /// <param name="positive">The class to be told.</param>
    /// <param name="looksAt">Which marks may be used.</param>
    public static Recognised Of(IReadOnlyCollection<Sample> samples, Func<Sample, bool> positive, Func<string, bool> looksAt)
    {
        var houses = samples.GroupBy(sample => sample.House).OrderBy(house => house.Key, StringComparer.Ordinal).ToArray();
        var folds = houses.AsParallel().AsOrdered().Select(house => Fold(samples, house.Key, positive, looksAt)).ToArray();
        var telling = folds.SelectMany(fold => fold.Telling).GroupBy(one => one.Mark, StringComparer.Ordinal)
            .Select(mark => (Mark: mark.Key, Share: mark.Sum(one => one.Share) / folds.Length));
        var scored = folds.Select(fold => fold.Scored).ToArray();
        var (low, high) = Roc.Interval(scored, new Random(Seed));
        return new Recognised(Roc.Area([.. scored.SelectMany(one => one)]), low, high, [.. telling.OrderByDescending(one => one.Share).Take(MostTelling)]);
    }

    static (IReadOnlyCollection<(double Score, bool Positive)> Scored, IEnumerable<(string Mark, double Share)> Telling) Fold(
        IReadOnlyCollection<Sample> samples, string house, Func<Sample, bool> positive, Func<string, bool> looksAt)
    {
        var (known, unseen) = (samples.Where(sample => sample.House != house).ToArray(), samples.Where(sample => sample.House == house).ToArray());
        // Marks of the house that is left out are not even known by name.
        string[] marks =
        [
            .. known.SelectMany(sample => sample.Marks.Keys).Where(looksAt).GroupBy(mark => mark, StringComparer.Ordinal)
                .Where(mark => mark.Count() >= LeastSeen).Select(mark => mark.Key).Order(StringComparer.Ordinal),
        ];
        var model = BoostedTrees.Train([.. known.Select(Row)], [.. known.Select(positive)]);
        return ([.. unseen.Select(sample => (model.Score(Row(sample)), positive(sample)))], marks.Zip(model.Shares));

        double[] Row(Sample sample) => [.. marks.Select(mark => sample.Marks.GetValueOrDefault(mark))];
    }
}
