namespace ProbeNet.Lab.Demo;

/// <summary>Ends the demonstration with one clear line.</summary>
sealed class DemoFailure(string message) : Exception(message);
