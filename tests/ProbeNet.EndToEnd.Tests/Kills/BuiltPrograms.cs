namespace ProbeNet.EndToEnd.Tests.Kills;

/// <summary>The programs as this build made them, beside the tests.</summary>
static class BuiltPrograms
{
    internal static string Agent => Of("agent", "probenet-agent");

    internal static string Collector => Of("collector", "probenet-collector");

    internal static string Killable => Of("tests/ProbeNet.Killable", "probenet-killable");

    // bin/CONFIGURATION/FRAMEWORK is the same for every project.
    static string Of(string folder, string name)
    {
        var output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var project = output.LastIndexOf("/tests/", StringComparison.Ordinal);
        var program = Path.Combine(output[..project], folder, output[output.LastIndexOf("/bin/", StringComparison.Ordinal)..][1..], name);
        return File.Exists(program) ? program : throw new FileNotFoundException($"{name} is not built.", program);
    }
}
