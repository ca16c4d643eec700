using System.Diagnostics;
using System.Globalization;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Demo;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Recognition;

/// <summary>`probenet-lab recognise`.</summary>
static class RecogniseCommand
{
    public static async Task<int> Run(string[] arguments)
    {
        try
        {
            var directory = Commands.Value(arguments, "--from") ?? await Capture(arguments);
            foreach (var line in new RecognitionReport(Captures.Read(directory)).Lines())
                Console.WriteLine(line);
            return 0;
        }
        catch (Exception failure) when (failure is DemoFailure or InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    static async Task<string> Capture(string[] arguments)
    {
        var directory = Directory.CreateDirectory(Commands.Value(arguments, "--captures") ?? Path.Combine(Isolation.Directory, "captures")).FullName;
        var watch = Stopwatch.StartNew();
        await using var lab = await Laboratory.Start(Country.Load("country"));
        string[] homes = [.. Enumerable.Range(1, lab.Country.Subscribers).SelectMany(line => lab.Country.Isps.Select(isp => $"{isp.Name}-{line}"))];
        var run = new CaptureRun(lab, homes[..Number(arguments, "--houses", homes.Length)], lab.Country.Inputs[..Number(arguments, "--pages", lab.Country.Inputs.Length)], directory);
        await run.Run(
            Commands.Value(arguments, "--agent") ?? BuiltPrograms.Agent, Commands.Value(arguments, "--collector") ?? BuiltPrograms.Collector,
            what => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,4:0} s: {what}")));
        return directory;
    }

    static int Number(string[] arguments, string option, int most) =>
        Commands.Value(arguments, option) is { } wish ? Math.Clamp(int.Parse(wish, CultureInfo.InvariantCulture), 2, most) : most;
}
