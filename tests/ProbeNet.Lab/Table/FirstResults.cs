using System.Globalization;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Table;

/// <summary>What the rules said of each cell when it was first run: the file beside the scenarios, never rewritten.</summary>
sealed class FirstResults
{
    readonly Dictionary<(string Scenario, string Isp), string> _results = [];

    FirstResults()
    {
    }

    static string File => Path.Combine(Country.Directory, "table-first.csv");

    public static FirstResults Load()
    {
        var first = new FirstResults();
        foreach (var line in (System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).Skip(1) : []).Select(line => line.Split(',')))
            first._results[(line[0], line[1])] = line[^1];
        return first;
    }

    /// <summary>"right", "wrong", or "-" for a cell that was not there then.</summary>
    public string Of(string scenario, string isp) => _results.GetValueOrDefault((scenario, isp), "-");

    /// <summary>Lines of such a file.</summary>
    public static IEnumerable<string> Of(IEnumerable<TableCell> cells, DateTimeOffset now) =>
        cells.Select(one => string.Create(CultureInfo.InvariantCulture,
            $"{one.Scenario.Name},{one.Isp},{now:yyyy-MM-dd},{one.State},{string.Join(' ', one.Mechanisms)},{one.Place},{(one.IsRight ? "right" : "wrong")}"))
            .Prepend("scenario,isp,date,state,mechanisms,place,result");
}
