using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <param name="Kept">What is to be kept from now on, whatever was refused.</param>
/// <param name="Assigned">What the agent should run, where the offer could be read that far.</param>
/// <param name="List">Newly taken; null where the one in force stays.</param>
/// <param name="Refusal">One of <see cref="TestListRefusals"/>; null where everything was taken.</param>
sealed record OfferOutcome(KeptList Kept, Assignment? Assigned, TestList? List, string? Refusal);

/// <summary>
/// Checks an offer in the order of TUF's client workflow (specification 5.3 to 5.6): roots one by one, then what the collector
/// assigns, then whether that is valid, then the content. Pure; does not throw on hostile input.
/// </summary>
sealed class OfferVerifier
{
    const int MostRoots = 256;
    const int LargestRoot = 64 * 1024;
    const int LargestReleases = 256 * 1024;
    const int LargestStatement = 4 * 1024;
    const int LongestReason = 200;

    static readonly TimeSpan LongestStop = TimeSpan.FromDays(30);

    readonly TrustState _trust;
    readonly ListOffer _offer;
    readonly OfferTerms _terms;
    Assignment? _assigned;
    TestList? _list;

    OfferVerifier(KeptList kept, ListOffer offer, OfferTerms terms) => (_trust, _offer, _terms) = (new(kept), offer, terms);

    public static OfferOutcome Check(ListOffer offer, KeptList kept, OfferTerms terms)
    {
        var check = new OfferVerifier(kept, offer, terms);
        var refusal = check.Size() ?? check.Roots() ?? check.CheckStop() ?? check.Assigned() ?? check.Releases() ?? check.Content();
        return new(check._trust.Kept, check._assigned, check._list, refusal);
    }

    // Before anything is parsed: what nobody could have signed in good faith is not read.
    string? Size() =>
        _offer.Roots.Count > MostRoots || _offer.Roots.Any(root => IsLarge(root, LargestRoot)) || IsLarge(_offer.Releases, LargestReleases)
        || IsLarge(_offer.Assignment, LargestStatement) || IsLarge(_offer.Stop, LargestStatement) || _offer.Content.Length > TestListVerifier.MaximumSize
            ? TestListRefusals.OfferTooLarge
            : null;

    static bool IsLarge(Endorsed? endorsed, int most) =>
        endorsed is not null && (endorsed.Statement.Length > most || endorsed.Signatures.Count > Endorsements.MostSignatures);

    string? Roots()
    {
        foreach (var endorsed in _offer.Roots)
        {
            if (Next(endorsed) is { } refusal)
                return refusal;
        }
        // Only the last one's age counts: whoever was away for a year comes in over roots that have expired since.
        return _trust.Root is not { } root ? Missing()
            : root.ExpiresDay <= _terms.Today ? TestListRefusals.RootExpired
            : null;
    }

    string Missing() => _terms.RootPin.IsEmpty ? TestListRefusals.RootMissing : TestListRefusals.RootNotPinned;

    string? Next(Endorsed endorsed)
    {
        if (!TrustState.TryParse(Root.Parser, endorsed.Statement, out var root) || !root.Root_.IsSound() || !root.Releases.IsSound() || !root.Online.IsSound() || root.Version == 0)
            return TestListRefusals.RootMalformed;
        if (_trust.Root is { } current)
        {
            if (root.Version != current.Version + 1)
                return TestListRefusals.RootNotNext;
            if (!current.Root_.IsMetBy(SigningContext.Root, endorsed))
                return TestListRefusals.RootBadSignature;
        }
        else if (!_terms.RootPin.IsEmpty)
        {
            // The collector does not know what the invite pinned, and sends them all.
            if (!SHA256.HashData(endorsed.Statement.Span).AsSpan().SequenceEqual(_terms.RootPin.Span))
                return null;
        }
        else if (root.Version != 1)
        {
            return TestListRefusals.RootNotNext;
        }
        else if (!new KeyRole { PublicKeys = { _terms.ListKeys }, Threshold = 1 }.IsMetBy(SigningContext.Root, endorsed))
        {
            return TestListRefusals.RootNotPinned;
        }
        if (!root.Root_.IsMetBy(SigningContext.Root, endorsed))
            return TestListRefusals.RootBadSignature;
        _trust.Advance(endorsed, root);
        return null;
    }

    // Before the rest: whatever is wrong with a list, a stop counts.
    string? CheckStop()
    {
        if (_offer.Stop is not { } endorsed || endorsed.Equals(_trust.Kept.Stop))
            return null;
        if (!_trust.MayStop(endorsed))
            return TestListRefusals.StopBadSignature;
        if (!TrustState.TryParse(Stop.Parser, endorsed.Statement, out var stop) || stop.Reason.Length > LongestReason)
            return TestListRefusals.StopMalformed;
        if (stop.Number <= _trust.StopNumber)
            return TestListRefusals.StopNotNewer;
        _trust.Kept.Stop = endorsed;
        _trust.Kept.StopUntil = Math.Min(stop.Expires, (_terms.Now + LongestStop).ToUnixTimeSeconds());
        return null;
    }

    string? Assigned()
    {
        var root = _trust.Root!;
        if (!root.Online.IsMetBy(SigningContext.Assignment, _offer.Assignment))
            return TestListRefusals.AssignmentBadSignature;
        if (!TrustState.TryParse(Assignment.Parser, _offer.Assignment.Statement, out var assigned))
            return TestListRefusals.AssignmentMalformed;
        if (assigned.Nonce != _terms.Session.Nonce || assigned.PublicKey != _terms.Session.PublicKey)
            return TestListRefusals.AssignmentNotOurs;
        if (assigned.RootVersion != root.Version)
            return TestListRefusals.Mixed;
        _assigned = assigned;
        return null;
    }

    string? Releases()
    {
        var endorsed = _offer.Releases;
        if (!_trust.Root!.Releases.IsMetBy(SigningContext.Releases, endorsed))
            return TestListRefusals.ReleasesBadSignature;
        if (!SHA256.HashData(endorsed.Statement.Span).AsSpan().SequenceEqual(_assigned!.ReleasesSha256.Span))
            return TestListRefusals.Mixed;
        if (!TrustState.TryParse(Protos.V1.Releases.Parser, endorsed.Statement, out var releases))
            return TestListRefusals.ReleasesMalformed;
        if (_trust.Releases is { } known && (releases.Version < known.Version || (releases.Version == known.Version && !releases.Equals(known))))
            return TestListRefusals.ReleasesNotNewer;
        if (releases.ExpiresDay <= _terms.Today)
            return TestListRefusals.ReleasesExpired;
        _trust.Advance(endorsed, releases);
        return null;
    }

    string? Content()
    {
        var assigned = _assigned!;
        if (assigned.List.Length == 0)
            return null;
        if (_trust.Releases!.Lists.FirstOrDefault(one => one.List == assigned.List && one.Version == assigned.ListVersion) is not { } valid)
            return TestListRefusals.NotValid;
        if (assigned.ListVersion < _trust.Kept.Versions.GetValueOrDefault(assigned.List))
            return TestListRefusals.NotNewer;
        // It is in force already: there is nothing to take, and nothing to send.
        if (_trust.Kept.List is { } held && IsContent(held.Content, valid))
            return Take(held.Content, assigned, renewed: false);
        return IsContent(_offer.Content, valid) ? Take(_offer.Content, assigned, renewed: true) : TestListRefusals.WrongContent;
    }

    static bool IsContent(ByteString content, ValidList valid) =>
        content.Length == valid.Length && SHA256.HashData(content.Span).AsSpan().SequenceEqual(valid.Sha256.Span);

    string? Take(ByteString content, Assignment assigned, bool renewed)
    {
        var signed = new SignedTestList { Content = content };
        if (TestListVerifier.TryRead(signed, out var list) is { } unreadable)
            return unreadable;
        if (list!.Name != assigned.List || list.Version != assigned.ListVersion)
            return TestListRefusals.Mixed;
        var session = _terms.Session;
        if (TestListVerifier.Fits(list, new(_terms.ListKeys, _trust.Kept.Versions, _terms.Today, session.Cc, session.Asn)) is { } unfit)
            return unfit;
        _trust.Kept.Versions[list.Name] = list.Version;
        if (!renewed)
            return null;
        (_trust.Kept.List, _trust.Kept.TakenDay, _list) = (signed, _terms.Today, list);
        return null;
    }
}
