using System.Globalization;
using ProbeNet.Lab.Control;

namespace ProbeNet.Lab.Noise;

/// <summary>`probenet-lab noise`.</summary>
static class NoiseCommand
{
    const int RunsOfAKind = 200;

    public static async Task<int> Run(Laboratory lab, string[] arguments)
    {
        var runs = Commands.Value(arguments, "--runs") is { } wish ? int.Parse(wish, CultureInfo.InvariantCulture) : RunsOfAKind;
        string[] kinds = Commands.Value(arguments, "--kinds") is { } named ? named.Split(',') : [.. NoiseRun.Kinds];
        if (kinds.FirstOrDefault(kind => !NoiseRun.Kinds.Contains(kind)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"no noise '{unknown}'; there is {string.Join(", ", NoiseRun.Kinds)}");
            return 2;
        }
        var tallies = await new NoiseRun(lab, runs, kinds).Run();
        var (total, accusations) = (tallies.Sum(one => one.Runs), tallies.Sum(one => one.Accusations.Count));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{tallies.Count} kinds, {total} runs, {accusations} accusations: with 95 % certainty less than {NoiseTally.UpperBound(accusations, total):P3} of such runs accuse."));
        Console.WriteLine(NoiseReport.Counting);
        return accusations == 0 ? 0 : 1;
    }
}
