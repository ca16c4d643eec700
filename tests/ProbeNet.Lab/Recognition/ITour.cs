namespace ProbeNet.Lab.Recognition;

/// <summary>A program that is ready in a house; it ends when disposed of.</summary>
interface ITour : IDisposable
{
    /// <summary>Once over the pages.</summary>
    Task Run();
}
