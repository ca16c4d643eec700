using System.Text.Json;
using Google.Protobuf.Reflection;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Protos.Tests;

public sealed class ProtoFileTests
{
    static readonly FileDescriptor[] Files =
    [
        ObservationReflection.Descriptor, MeasurementReflection.Descriptor, BatchReflection.Descriptor,
        EnrollmentReflection.Descriptor, SessionReflection.Descriptor, TestListReflection.Descriptor,
        TrustReflection.Descriptor,
    ];

    [Fact]
    public void Sealed_messages_have_no_field_for_an_own_address()
    {
        // Answers and the addresses that were tried are facts; a resolver's, a router's or the volunteer's are not. Of a hop
        // its network's number alone is kept.
        string[] allowed =
        [
            "DnsAnswer.address", "TcpConnect.address", "TlsHandshake.address", "HttpExchange.address", "QuicExchange.address",
            "PathTest.address", "PathStep.hop_asn",
        ];
        var found = new[] { ObservationReflection.Descriptor, MeasurementReflection.Descriptor }
            .SelectMany(file => file.MessageTypes)
            .SelectMany(message => message.Fields.InDeclarationOrder())
            .Where(field => field.Name.Contains("address", StringComparison.Ordinal) || field.Name.Contains("hop", StringComparison.Ordinal))
            .Select(field => $"{field.ContainingType.Name}.{field.Name}");
        Assert.Equal(allowed, found);
    }

    [Fact]
    public void Sealed_messages_have_one_time_and_it_is_floored()
    {
        var times = new[] { ObservationReflection.Descriptor, MeasurementReflection.Descriptor, BatchReflection.Descriptor }
            .SelectMany(file => file.MessageTypes)
            .SelectMany(message => message.Fields.InDeclarationOrder())
            .Where(field => field.FieldType is FieldType.Int64 or FieldType.SInt64)
            .Select(field => $"{field.ContainingType.Name}.{field.Name}");
        Assert.Equal(["Circumstance.time"], times);
    }

    [Fact]
    public void Every_message_is_in_one_package()
    {
        Assert.All(Files, file => Assert.Equal("probenet.v1", file.Package));
        var names = Files.SelectMany(file => file.MessageTypes).Select(message => message.Name).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void The_world_example_has_what_its_schemas_require()
    {
        var folder = Path.Combine(Repository.Root, "protos", "world");
        var lines = File.ReadAllLines(Path.Combine(folder, "example.jsonl"));
        Assert.True(lines.Length > 1);
        for (var n = 0; n < lines.Length; n++)
        {
            var schemaName = n == 0 ? "header.schema.json" : "observation.schema.json";
            var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, schemaName))).RootElement;
            var line = JsonDocument.Parse(lines[n]).RootElement;
            Assert.All(schema.GetProperty("required").EnumerateArray(), name => Assert.True(line.TryGetProperty(name.GetString()!, out _)));
            Assert.All(line.EnumerateObject(), field => Assert.True(schema.GetProperty("properties").TryGetProperty(field.Name, out _), field.Name));
        }
    }
}
