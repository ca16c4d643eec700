namespace ProbeNet.Collector.Store.Writing;

/// <summary>A batch that can never be stored. It never leaves this folder: the batch is parked with the message as its reason.</summary>
sealed class PoisonException(string message) : Exception(message);
