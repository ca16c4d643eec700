using System.Text;
using Microsoft.Win32.SafeHandles;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Sealing;

/// <summary>
/// Counts outside the agent what it produced, for tests that kill it: a line with a measurement's uid is durable before
/// the journal's append returns, and what a kill left between the two is made up when the journal is opened.
/// </summary>
sealed class ProducedFile : IDisposable
{
    readonly SafeFileHandle _file;
    readonly HashSet<string> _known;
    long _end;

    public ProducedFile(string path)
    {
        _known = File.Exists(path) ? [.. File.ReadLines(path).Where(line => Guid.TryParse(line, out _))] : [];
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        // A torn last line is written again by whoever finds its measurement in the journal.
        _end = _known.Count * (36L + 1);
    }

    public void Add(SealedMeasurement measurement)
    {
        var uid = UidOf(measurement);
        if (!_known.Add(uid))
            return;
        var line = Encoding.ASCII.GetBytes(uid + "\n");
        RandomAccess.Write(_file, line, _end);
        RandomAccess.FlushToDisk(_file);
        _end += line.Length;
    }

    public void Dispose() => _file.Dispose();

    static string UidOf(SealedMeasurement measurement) =>
        MeasurementUid.Of(Circumstance.Parser.ParseFrom(measurement.Circumstance).Time, Leaf.Hash(measurement)).ToString();
}
