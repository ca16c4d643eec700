using System.Text.Json.Serialization;

namespace ProbeNet.Agent.Service.Output;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ConsentView))]
[JsonSerializable(typeof(SpoolView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(DoctorView))]
[JsonSerializable(typeof(HistoryView))]
sealed partial class AgentJson : JsonSerializerContext;
