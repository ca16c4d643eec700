using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProbeNet.Agent.Spool;

/// <summary>One numbered file of records; its name is the number of its first record.</summary>
sealed class Chunk(string name, ulong first, RecordFile file) : IDisposable
{
    const string Extension = ".chunk";

    public string Name => name;

    public ulong First => first;

    public ulong Next => first + (ulong)file.Records.Count;

    public long Bytes => file.End;

    /// <summary>Records of this chunk that wait still.</summary>
    public int Waiting { get; set; }

    public static string NameOf(ulong first) => first.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    public static bool TryParse(string name, out ulong first)
    {
        first = 0;
        return name.EndsWith(Extension, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, name.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out first);
    }

    public AppendResult Append(StoredRecord record) => file.Append(record.ToBytes());

    public bool TryRead(ulong number, [NotNullWhen(true)] out StoredRecord? record)
    {
        record = file.Records[(int)(number - first)] is { } span && file.TryRead(span) is { } bytes ? StoredRecord.FromBytes(bytes) : null;
        return record is not null;
    }

    public void Dispose() => file.Dispose();
}
