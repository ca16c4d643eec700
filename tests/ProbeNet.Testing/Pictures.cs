namespace ProbeNet.Testing;

/// <summary>Pictures for the documentation, made by the tests that look at what they show.</summary>
public static class Pictures
{
    // What a reader of the documentation has to load.
    const int MostBytes = 150_000;

    /// <summary>PROBENET_SCREENSHOTS names it.</summary>
    public static string Folder => Directory.CreateDirectory(
        Environment.GetEnvironmentVariable("PROBENET_SCREENSHOTS") is { Length: > 0 } named ? named : Path.Combine(Path.GetTempPath(), "probenet-screenshots")).FullName;

    /// <exception cref="InvalidOperationException">It is too large for a page of documentation.</exception>
    public static Task KeepAsync(string name, byte[] png) => png.Length <= MostBytes
        ? File.WriteAllBytesAsync(Path.Combine(Folder, name + ".png"), png)
        : throw new InvalidOperationException($"The picture {name} has {png.Length:N0} bytes; {MostBytes:N0} at most.");
}
