using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Interference;

/// <summary>A question on its way, to whomever it goes, is answered by a forged reply, or swallowed, or both.</summary>
/// <param name="forged">Null for silence.</param>
/// <param name="lets">The question goes on all the same, so that the true reply races the forged one.</param>
sealed class QuestionMet(Rule rule, DnsAnswer? forged, bool lets) : IQuestionInterference
{
    public QuestionAction? Judge(string name) => rule.Covers(name) ? new QuestionAction(forged, lets, rule.CopiesTtl) : null;
}
