namespace ProbeNet.Collector.Store;

/// <summary>The store cannot be opened. The message is one line for the operator and says what to do.</summary>
sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
