using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.TestLists;

/// <summary>
/// The list in force and what it is trusted by. A newer one takes its place whole, on disk first; whatever is refused, torn or
/// damaged leaves the last good one where it is.
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
    volatile Standstill _standstill;
    volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestListStore(StateDirectory directory, StateKey stateKey, StateFile<Enrollment> enrollment, TimeProvider time)
    {
        (_directory, _stateKey, _enrollment, _time) = (directory, stateKey, enrollment, time);
        (_kept, _current) = TryLoad(FileName) ?? TryLoad(PreviousName) ?? (new(), null);
        _standstill = Standstill.Of(_kept);
        // What was kept since may have changed the trust alone.
        FormerInputs = InputsOf(TryLoad(PreviousName)?.Item2 is { } former && former.Name == _current?.Name && former.Version != _current.Version ? former : null);
    }

    /// <summary>Null until the first list was taken.</summary>
    public TestListSnapshot? Current => _current;

    /// <summary>Those of the list before the one in force, where it was a version of the same one.</summary>
    public IReadOnlySet<string> FormerInputs { get; private set; }

    /// <summary>Finished when another list comes into force.</summary>
    public Task NextChange => _changed.Task;

    /// <summary>Of the root that is trusted; 0 where the invite's keys alone are known.</summary>
    public ulong RootVersion => TrustView.Of(Kept).RootVersion;

    /// <summary>Who was told to stop, and until when.</summary>
    public Standstill Standstill => _standstill;

    public TrustView Trust => TrustView.Of(Kept);

    KeptList Kept
    {
        get
        {
            lock (_lock)
                return Anchored(_enrollment.Current);
        }
    }

    /// <summary>Takes a list that a key of the invite signed, as long as no root is known.</summary>
    /// <param name="cc">Of the network now in use; empty when unknown.</param>
    /// <param name="asn">0 when unknown.</param>
    /// <param name="list">What was offered, where it is signed and could be read.</param>
    /// <returns>Null when it is in force now; otherwise one of <see cref="TestListRefusals"/>.</returns>
    public string? Offer(SignedTestList signed, string cc, uint asn, out TestList? list)
    {
        lock (_lock)
        {
            list = null;
            var enrollment = _enrollment.Current;
            var kept = Anchored(enrollment).Clone();
            if (kept.Root is not null)
                return TestListRefusals.NeedsRoot;
            var today = Day.Of(_time.GetUtcNow());
            var terms = new TestListTerms(enrollment?.ListKeys ?? [], kept.Versions, today, cc, asn);
            if (TestListVerifier.Check(signed, terms, out list) is { } refusal)
                return refusal;
            (kept.List, kept.TakenDay, kept.Versions[list!.Name]) = (signed, today, list.Version);
            return Keep(kept, list);
        }
    }

    /// <summary>Takes of an offer what may be taken: roots, a stop, what is valid, and the list.</summary>
    /// <param name="assigned">What the collector would have this agent run, where that could be read.</param>
    /// <returns>Null when everything is in force now; otherwise one of <see cref="TestListRefusals"/>.</returns>
    public string? Offer(ListOffer offer, OfferSession session, out Assignment? assigned)
    {
        lock (_lock)
        {
            var enrollment = _enrollment.Current;
            var outcome = OfferVerifier.Check(
                offer, Anchored(enrollment), new(session, enrollment?.ListKeys ?? [], enrollment?.Root ?? ByteString.Empty, _time.GetUtcNow()));
            outcome.Kept.Anchor = AnchorOf(enrollment);
            assigned = outcome.Assigned;
            return outcome.Kept.Equals(_kept) ? outcome.Refusal : Keep(outcome.Kept, outcome.List) ?? outcome.Refusal;
        }
    }

    // Who joins another collector, or the same one anew, begins at the root that the new invite pins; the list in force stays until then.
    KeptList Anchored(Enrollment? enrollment)
    {
        if (_kept.Root is null || _kept.Anchor == AnchorOf(enrollment))
            return _kept;
        return new() { List = _kept.List, TakenDay = _kept.TakenDay };
    }

    static ByteString AnchorOf(Enrollment? enrollment) =>
        enrollment is null ? ByteString.Empty : ByteString.CopyFrom(SHA256.HashData([.. enrollment.IdentityKey.Span, .. enrollment.Root.Span]));

    /// <param name="list">Null where the list in force stays.</param>
    string? Keep(KeptList kept, TestList? list)
    {
        if (!TryKeep(kept))
            return TestListRefusals.NotKept;
        _kept = kept;
        _standstill = Standstill.Of(kept);
        if (list is null)
            return null;
        FormerInputs = InputsOf(_current?.Name == list.Name ? _current : null);
        _current = new(list);
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return null;
    }

    static HashSet<string> InputsOf(TestListSnapshot? list) => list is null ? [] : [.. list.List.Entries.Select(entry => entry.Input)];

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
        if (kept.List is null)
            return (kept, null);
        return TestListVerifier.TryRead(kept.List, out var list) is null ? (kept, new(list!)) : null;
    }
}
