using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using ProbeNet.Lab.Demo;
using ProbeNet.Lab.Topology;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>The README's first command, judged by what is true in its country.</summary>
[Collection(nameof(BuiltByDeploy))]
[SupportedOSPlatform("linux")]
public sealed class DemonstrationTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_matrix_of_the_demonstration_is_the_truth_and_comes_within_three_minutes()
    {
        var built = await Shell.Run("deploy/programs", "collector", "agent", "lab");
        Assert.True(built.Exit == 0, built.Output);
        var directory = Directory.CreateTempSubdirectory("probenet-demo-");
        try
        {
            var file = Path.Combine(directory.FullName, "matrix.json");
            var watch = Stopwatch.StartNew();
            var (exit, output) = await Shell.Run("deploy/demo", "--once", "--matrix", file, "--logs", Path.Combine(directory.FullName, "logs"));
            watch.Stop();
            Assert.True(exit == 0, output);
            var matrix = JsonSerializer.Deserialize(await File.ReadAllTextAsync(file, Cancel), MatrixJson.Default.Matrix)!;
            Assert.Equal([], matrix.Disagreements(Country.Load("country")));
            Assert.Contains("http://127.0.0.1:", output, StringComparison.Ordinal);
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"it took {watch.Elapsed}");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
