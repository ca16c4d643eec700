using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Trust;

/// <summary>What a target whose answer is known does, whoever looks from wherever.</summary>
enum CanaryAnswer
{
    /// <summary>It is reached.</summary>
    Open,
    /// <summary>Nobody can reach it.</summary>
    Dead,
}

/// <summary>Entries of the list whose answers are known: an agent cannot tell them from others.</summary>
sealed record CanarySet(IReadOnlyDictionary<string, CanaryAnswer> Answers)
{
    /// <param name="reader">CSV with the header <c>target,answer</c>; the answer is <c>open</c> or <c>dead</c>.</param>
    /// <param name="name">What a message calls it.</param>
    /// <exception cref="InvalidDataException">The message names the line.</exception>
    public static IEnumerable<KeyValuePair<string, CanaryAnswer>> Read(TextReader reader, string name)
    {
        var header = true;
        foreach (var (line, fields) in CsvRecords.Read(reader))
        {
            if (header)
            {
                if (fields is not [var target, "answer"] || target.Trim('\uFEFF') != "target")
                    throw new InvalidDataException($"{name}: the first line must be target,answer");
                header = false;
            }
            else
                yield return fields switch
                {
                    [{ Length: > 0 } target, "open"] => new(HostName.Normal(target), CanaryAnswer.Open),
                    [{ Length: > 0 } target, "dead"] => new(HostName.Normal(target), CanaryAnswer.Dead),
                    _ => throw new InvalidDataException($"{name}, line {line}: must be a target, and open or dead"),
                };
        }
    }
}
