using System.Text;

namespace ProbeNet.Collector.Analysis.Fingerprints;

/// <summary>Records of RFC 4180, line by line: quoted fields may hold commas, doubled quotes and line ends.</summary>
static class CsvRecords
{
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(TextReader reader)
    {
        var line = 1;
        while (reader.Peek() >= 0)
        {
            var first = line;
            var fields = new List<string>();
            while (Field(reader, fields, ref line)) { }
            if (fields.Count > 1 || fields[0].Length > 0)
                yield return (first, fields);
        }
    }

    /// <summary>True when another field of the same record follows.</summary>
    static bool Field(TextReader reader, List<string> fields, ref int line)
    {
        var text = new StringBuilder();
        var quoted = reader.Peek() == '"';
        if (quoted)
            _ = reader.Read();
        while (reader.Read() is >= 0 and var next)
        {
            if (next == '\n')
                line++;
            if (quoted)
            {
                if (next != '"')
                    text.Append((char)next);
                else if (reader.Peek() == '"')
                    text.Append((char)reader.Read());
                else
                    quoted = false;
            }
            else if (next is ',' or '\n')
            {
                fields.Add(text.ToString());
                return next == ',';
            }
            else if (next != '\r')
                text.Append((char)next);
        }
        fields.Add(text.ToString());
        return false;
    }
}
