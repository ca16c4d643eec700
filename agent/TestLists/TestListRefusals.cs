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
}
