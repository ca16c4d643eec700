using Xunit;

namespace ProbeNet.Conventions.Tests;

/// <summary>The rules of who may know whom, over the compiled assemblies.</summary>
public sealed class DependencyTests
{
    static readonly NamespaceGraph Agent = NamespaceGraph.Of("probenet-agent");
    static readonly NamespaceGraph Collector = NamespaceGraph.Of("probenet-collector");
    static readonly NamespaceGraph Protos = NamespaceGraph.Of("ProbeNet.Protos");

    [Fact]
    public void Agent_and_collector_never_see_each_other()
    {
        AssertUnused(Agent, "ProbeNet.Agent", "ProbeNet.Collector");
        AssertUnused(Collector, "ProbeNet.Collector", "ProbeNet.Agent");
        AssertUnused(Protos, "ProbeNet.Protos", "ProbeNet.Agent", "ProbeNet.Collector", "Microsoft.AspNetCore", "Microsoft.Extensions.Hosting");
    }

    [Fact]
    public void Probes_know_only_the_protos() =>
        AssertUnused(Agent, "ProbeNet.Agent.Probes", Siblings(Agent, "ProbeNet.Agent", except: "Probes"));

    [Fact]
    public void The_spool_knows_only_bytes() =>
        AssertUnused(Agent, "ProbeNet.Agent.Spool", [.. Siblings(Agent, "ProbeNet.Agent", except: "Spool"), "ProbeNet.Protos", "Google.Protobuf", "Grpc"]);

    [Fact]
    public void Measurements_reach_the_uplink_only_through_the_spool() =>
        AssertUnused(Agent, "ProbeNet.Agent.Measurements", "ProbeNet.Agent.Uplink", "Grpc");

    [Fact]
    public void The_uplink_does_not_probe() =>
        AssertUnused(Agent, "ProbeNet.Agent.Uplink", "ProbeNet.Agent.Probes", "ProbeNet.Agent.Measurements");

    [Fact]
    public void The_intake_never_reaches_the_store() =>
        AssertUnused(Collector, "ProbeNet.Collector.Intake", "ProbeNet.Collector.Store", "ProbeNet.Collector.Analysis", "Npgsql");

    [Theory]
    [InlineData("Observations")]
    [InlineData("Analysis.Controls")]
    [InlineData("Analysis.Fingerprints")]
    [InlineData("Analysis.Findings")]
    [InlineData("Analysis.Cells")]
    [InlineData("Analysis.Events")]
    [InlineData("Analysis.Attribution")]
    [InlineData("Analysis.Moves")]
    [InlineData("Analysis.Trust")]
    [InlineData("Analysis.Worlds")]
    [InlineData("Rollout.Stages")]
    public void Analysis_is_pure(string folder) =>
        AssertUnused(Collector, "ProbeNet.Collector." + folder,
            "Npgsql", "MassTransit", "RabbitMQ", "Microsoft.AspNetCore", "Microsoft.Extensions.Logging", "Microsoft.Extensions.Hosting", "Grpc",
            "System.Data", "System.Net.Http", "System.Net.Sockets",
            "ProbeNet.Collector.Store", "ProbeNet.Collector.Queue", "ProbeNet.Collector.Intake", "ProbeNet.Collector.Fleet",
            "ProbeNet.Collector.Api", "ProbeNet.Collector.Web", "ProbeNet.Collector.Service");

    [Fact]
    public void Nothing_depends_on_pages_or_API() =>
        Assert.All(
            Folders(Collector, "ProbeNet.Collector").Where(folder => folder is not ("ProbeNet.Collector.Api" or "ProbeNet.Collector.Web" or "ProbeNet.Collector.Service")),
            folder => AssertUnused(Collector, folder, "ProbeNet.Collector.Api", "ProbeNet.Collector.Web"));

    [Fact]
    public void Pages_and_API_do_not_touch_queue_or_intake()
    {
        AssertUnused(Collector, "ProbeNet.Collector.Api", "ProbeNet.Collector.Queue", "ProbeNet.Collector.Intake");
        AssertUnused(Collector, "ProbeNet.Collector.Web", "ProbeNet.Collector.Queue", "ProbeNet.Collector.Intake");
    }

    [Fact]
    public void Only_the_program_uses_its_service_folder()
    {
        foreach (var (graph, root) in new[] { (Agent, "ProbeNet.Agent"), (Collector, "ProbeNet.Collector") })
            Assert.All(Siblings(graph, root, except: "Service"), folder => AssertUnused(graph, folder, root + ".Service"));
    }

    static string[] Siblings(NamespaceGraph graph, string root, string except) =>
        [.. Folders(graph, root).Where(folder => folder != root + "." + except)];

    // The first level below the root.
    static IEnumerable<string> Folders(NamespaceGraph graph, string root) =>
        graph.Namespaces
            .Where(name => name.StartsWith(root + ".", StringComparison.Ordinal))
            .Select(name => root + "." + name[(root.Length + 1)..].Split('.')[0])
            .Distinct();

    static void AssertUnused(NamespaceGraph graph, string folder, params string[] forbidden)
    {
        Assert.Contains(graph.Namespaces, name => NamespaceGraph.IsIn(name, folder));
        var found = graph.UsedBy(folder).Where(used => forbidden.Any(name => NamespaceGraph.IsIn(used, name)));
        Assert.Empty(found.Select(used => $"{folder} uses {used}"));
    }
}
