using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.TestLists;

/// <summary>
/// The list in force. A newer one takes its place whole, on disk first; whatever is refused, torn or damaged leaves the
/// last good one where it is.
/// </summary>
sealed class TestListStore
{
    const string FileName = "list";
    const string PreviousName = "list.previous";

    readonly StateDirectory _directory;
    readonly StateKey _stateKey;
    readonly StateFile<Enrollment> _enrollment;
    readonly TimeProvider _time;
    readonly Lock _lock = new();
    KeptList _kept;
    volatile TestListSnapshot? _current;
    volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestListStore(StateDirectory directory, StateKey stateKey, StateFile<Enrollment> enrollment, TimeProvider time)
    {
        (_directory, _stateKey, _enrollment, _time) = (directory, stateKey, enrollment, time);
        (_kept, _current) = TryLoad(FileName) ?? TryLoad(PreviousName) ?? (new(), null);
    }

    /// <summary>Null until the first list was taken.</summary>
    public TestListSnapshot? Current => _current;

    /// <summary>Finished when another list comes into force.</summary>
    public Task NextChange => _changed.Task;

    /// <summary>Takes the list if it may be taken.</summary>
    /// <param name="cc">Of the network now in use; empty when unknown.</param>
    /// <param name="asn">0 when unknown.</param>
    /// <param name="list">What was offered, where it is signed and could be read.</param>
    /// <returns>Null when it is in force now; otherwise one of <see cref="TestListRefusals"/>.</returns>
    public string? Offer(SignedTestList signed, string cc, uint asn, out TestList? list)
    {
        lock (_lock)
        {
            var terms = new TestListTerms(_enrollment.Current?.ListKeys ?? [], _kept.Versions, Day.Of(_time.GetUtcNow()), cc, asn);
            if (TestListVerifier.Check(signed, terms, out list) is { } refusal)
                return refusal;
            var kept = new KeptList { List = signed };
            kept.Versions.Add(_kept.Versions);
            kept.Versions[list!.Name] = list.Version;
            if (!TryKeep(kept))
                return TestListRefusals.NotKept;
            _kept = kept;
            _current = new(list);
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return null;
        }
    }

    bool TryKeep(KeptList kept)
    {
        try
        {
            if (_current is not null)
                _directory.Write(PreviousName, _stateKey.Seal(FileName, _kept.ToByteArray()));
            _directory.Write(FileName, _stateKey.Seal(FileName, kept.ToByteArray()));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    (KeptList, TestListSnapshot?)? TryLoad(string name)
    {
        if (_directory.TryRead(name) is not { } bytes || _stateKey.TryOpen(FileName, bytes) is not { } plaintext)
            return null;
        // It was checked when it was taken, and the state key vouches for it since.
        var kept = KeptList.Parser.ParseFrom(plaintext);
        return TestListVerifier.TryRead(kept.List, out var list) is null ? (kept, new(list!)) : null;
    }
}
