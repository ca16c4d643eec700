namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Logarithm of the gamma function by Lanczos' approximation (g = 7, n = 9; error below 1e-13).</summary>
static class LogGamma
{
    static readonly double[] Coefficients =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    const int Kept = 4096;
    const double Quarter = 0.25;

    static readonly double[] Aheads = [.. Enumerable.Range(0, Kept).Select(n => Of(Quarter + n) - Of(Quarter))];
    static readonly double[] Factorials = [.. Enumerable.Range(0, Kept).Select(n => Of(1.0 + n))];

    /// <summary>ln Γ(¼ + n) − ln Γ(¼), from a table for what is usual.</summary>
    public static double Ahead(int n) => n < Kept ? Aheads[n] : Of(Quarter + n) - Of(Quarter);

    /// <summary>ln n!, from a table for what is usual.</summary>
    public static double Factorial(int n) => n < Kept ? Factorials[n] : Of(1.0 + n);

    public static double Of(double x)
    {
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - Of(1 - x);
        x -= 1;
        var sum = Coefficients[0];
        for (var i = 1; i < Coefficients.Length; i++)
            sum += Coefficients[i] / (x + i);
        var t = x + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    public static double Beta(double a, double b) => Of(a) + Of(b) - Of(a + b);
}
