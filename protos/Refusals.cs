namespace ProbeNet.Protos;

/// <summary>
/// Why a collector refuses. <see cref="IsFinal"/> tells an agent whether sending the same bytes again can help.
/// </summary>
public static class Refusals
{
    public const string Malformed = "malformed";
    public const string BadSignature = "bad_signature";
    public const string BadRoot = "bad_root";
    public const string TooLarge = "too_large";
    public const string WrongRecipient = "wrong_recipient";
    public const string UnknownKey = "unknown_key";
    public const string ExpiredKey = "expired_key";
    public const string RevokedKey = "revoked_key";
    public const string ClockSkew = "clock_skew";
    public const string Rate = "rate";
    public const string BadInvite = "bad_invite";
    public const string UsedInvite = "used_invite";
    public const string ExpiredInvite = "expired_invite";
    public const string Unavailable = "unavailable";

    /// <summary>True when the same bytes will be refused for ever: the batch counts as rejected and leaves the spool.</summary>
    public static bool IsFinal(string reason) => reason is not (ClockSkew or Rate or Unavailable);
}
