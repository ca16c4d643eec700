namespace ProbeNet.Collector.Service.Imports;

/// <summary>How deep in braces and brackets the lines of a JSON document have come: zero where it ends.</summary>
sealed class JsonNesting
{
    int _depth;
    bool _text, _escaped;

    public int Add(ReadOnlySpan<char> line)
    {
        foreach (var one in line)
        {
            if (_escaped)
                _escaped = false;
            else if (_text)
                (_escaped, _text) = (one == '\\', one != '"');
            else if (one == '"')
                _text = true;
            else
                _depth += one switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
        }
        return _depth;
    }
}
