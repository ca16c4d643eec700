using System.Text.Json.Serialization;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Control;

/// <summary>One line that a test writes to the lab.</summary>
/// <param name="Do">rules, start, wait, stop, capture, captured, addresses, reach, show.</param>
/// <param name="Rules">rules: those in force from now on.</param>
/// <param name="Host">start, capture, reach, show: where.</param>
/// <param name="Command">start: program and arguments.</param>
/// <param name="Environment">start: added to the lab's own.</param>
/// <param name="Output">start: file that takes both outputs.</param>
/// <param name="Process">wait, stop: as start answered.</param>
/// <param name="Signal">stop: 15 by default.</param>
/// <param name="Address">capture: counts packets to it. show: where a program of the host listens.</param>
/// <param name="Port">reach: of the host's loopback, which becomes the real machine's. show: of the address.</param>
sealed record Order(
    string Do, Rule[]? Rules = null, string? Host = null, string[]? Command = null, Dictionary<string, string>? Environment = null,
    string? Output = null, int Process = 0, int Signal = 15, string? Address = null, int Port = 0);

/// <summary>One line that the lab answers.</summary>
/// <param name="Error">Null when the order was carried out.</param>
/// <param name="Process">start.</param>
/// <param name="Exit">wait, stop: the exit code.</param>
/// <param name="Packets">captured: how many so far.</param>
/// <param name="Port">show: of the real machine's loopback.</param>
/// <param name="Addresses">addresses: those that must rest nowhere.</param>
sealed record Outcome(string? Error = null, int Process = 0, int Exit = 0, long Packets = 0, int Port = 0, VolunteerAddress[]? Addresses = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Outcome))]
sealed partial class ControlJson : JsonSerializerContext;
