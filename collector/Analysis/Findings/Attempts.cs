using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>Several attempts at one thing in one run.</summary>
static class Attempts
{
    /// <summary>
    /// The first outcome that is not silence; silence when there is nothing else. A retry after a reset meets residual
    /// blocking and would turn the reset into a timeout.
    /// </summary>
    public static T Decisive<T>(IEnumerable<T> attempts, Func<T, string> failure, Func<T, int> order)
    {
        var ordered = attempts.OrderBy(order).ToArray();
        return Array.Find(ordered, a => !IsSilence(failure(a))) ?? ordered[0];
    }

    public static bool IsSilence(string failure) => failure is FailureCodes.GenericTimeout or FailureCodes.TimedOut;
}
