namespace ProbeNet.Collector.Api;

/// <summary>What may be sent to an endpoint, for its description; metadata of the endpoint.</summary>
/// <param name="Json">A test sends it.</param>
sealed record BodyExample(string Json);
