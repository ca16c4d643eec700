using System.Globalization;
using ProbeNet.Agent.Spool;

namespace ProbeNet.Agent.Sealing;

/// <summary>A file of journalled measurements, named by the serial of its first: the name of an empty one still tells how many there were.</summary>
sealed class JournalFile(string name, long first, RecordFile records) : IDisposable
{
    const string Extension = ".journal";

    public string Name => name;

    public long First => first;

    public long Next => first + records.Records.Count;

    public long Bytes => records.End;

    /// <param name="repair">False while another process writes.</param>
    public static IReadOnlyList<JournalFile> OpenAll(ISpoolDirectory directory, bool repair)
    {
        while (true)
        {
            List<JournalFile> files = [];
            try
            {
                foreach (var name in directory.List().Where(name => name.EndsWith(Extension, StringComparison.Ordinal)))
                    files.Add(Open(directory, name, repair));
                return files;
            }
            catch (FileNotFoundException) when (!repair)
            {
                // The service let go of it meanwhile, and has made the next one.
                files.ForEach(file => file.Dispose());
            }
        }
    }

    /// <exception cref="IOException">It cannot be made.</exception>
    public static JournalFile Create(ISpoolDirectory directory, long first)
    {
        var name = first.ToString("D20", CultureInfo.InvariantCulture) + Extension;
        return new(name, first, RecordFile.Open(directory.Open(name)));
    }

    public AppendResult Append(ReadOnlySpan<byte> body) => records.Append(body);

    /// <returns>Null when it is not here or damaged.</returns>
    public byte[]? TryRead(long serial) =>
        serial >= First && serial < Next && records.Records[(int)(serial - First)] is { } span ? records.TryRead(span) : null;

    public void Dispose() => records.Dispose();

    static JournalFile Open(ISpoolDirectory directory, string name, bool repair) =>
        new(name, long.Parse(name[..^Extension.Length], CultureInfo.InvariantCulture), RecordFile.Open(directory.Open(name), repair));
}
