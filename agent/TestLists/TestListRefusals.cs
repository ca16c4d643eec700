namespace ProbeNet.Agent.TestLists;

/// <summary>Why a list is not taken. The collector shows these words to its operator.</summary>
static class TestListRefusals
{
    public const string TooLarge = "list_too_large";
    public const string Malformed = "list_malformed";
    public const string BadSignature = "list_bad_signature";
    public const string NotNewer = "list_not_newer";
    public const string Expired = "list_expired";
    public const string NotForThisAgent = "list_not_for_this_agent";
    public const string NotKept = "list_not_kept";

    /// <summary>Signed by a key of the invite alone, where a root is known already.</summary>
    public const string NeedsRoot = "list_needs_root";

    /// <summary>Another content than what was declared valid.</summary>
    public const string WrongContent = "list_wrong_content";

    /// <summary>The releases role does not (or no longer) say that this version is valid.</summary>
    public const string NotValid = "list_not_valid";

    public const string RootMalformed = "root_malformed";
    public const string RootBadSignature = "root_bad_signature";

    /// <summary>Not the version after the one that is trusted.</summary>
    public const string RootNotNext = "root_not_next";

    /// <summary>Not the root that the invite pinned, and not signed by a key that it named.</summary>
    public const string RootNotPinned = "root_not_pinned";
    public const string RootExpired = "root_expired";
    public const string RootMissing = "root_missing";

    public const string ReleasesMalformed = "releases_malformed";
    public const string ReleasesBadSignature = "releases_bad_signature";
    public const string ReleasesNotNewer = "releases_not_newer";
    public const string ReleasesExpired = "releases_expired";

    public const string AssignmentMalformed = "assignment_malformed";
    public const string AssignmentBadSignature = "assignment_bad_signature";

    /// <summary>Made for another session or another agent.</summary>
    public const string AssignmentNotOurs = "assignment_not_ours";

    /// <summary>The parts of the offer are not of one moment.</summary>
    public const string Mixed = "offer_mixed";

    public const string OfferTooLarge = "offer_too_large";

    public const string StopMalformed = "stop_malformed";
    public const string StopBadSignature = "stop_bad_signature";
    public const string StopNotNewer = "stop_not_newer";
}
