namespace ProbeNet.Lab.Control;

/// <summary>The programs as this build made them, each in its own folder.</summary>
static class BuiltPrograms
{
    public static string Agent => Of("agent", "probenet-agent");

    public static string Collector => Of("collector", "probenet-collector");

    public static string Killable => Of("tests/ProbeNet.Killable", "probenet-killable");

    // bin/CONFIGURATION/FRAMEWORK is the same for every project.
    static string Of(string folder, string name)
    {
        var output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var project = output.LastIndexOf("/tests/", StringComparison.Ordinal);
        if (project < 0)
            throw new FileNotFoundException($"{name} has to be named: this program does not lie where it was built.");
        var program = Path.Combine(output[..project], folder, output[output.LastIndexOf("/bin/", StringComparison.Ordinal)..][1..], name);
        return File.Exists(program) ? program : throw new FileNotFoundException($"{name} is not built.", program);
    }
}
