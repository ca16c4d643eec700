using ProbeNet.Protos;

namespace ProbeNet.Collector.Intake;

/// <summary>What the person at the other end can do about a refusal.</summary>
static class Remedies
{
    public static string For(string refusal) => refusal switch
    {
        Refusals.ClockSkew => "Set this machine's clock; it differs from the collector's by more than five minutes.",
        Refusals.UnknownKey => "Enroll again with a new invite: this collector did not certify the key.",
        Refusals.ExpiredKey => "The key is over; the agent makes a new one by itself.",
        Refusals.RevokedKey => "Ask who invited you: the operator has revoked this key.",
        Refusals.BadInvite => "Check that the invite was copied whole, or ask for a new one.",
        Refusals.UsedInvite => "The invite was used already; ask for a new one.",
        Refusals.ExpiredInvite => "The invite is over; ask for a new one.",
        Refusals.Rate => "Wait; too much came in too short a time. What waits is kept.",
        Refusals.Unavailable => "Wait; the collector cannot accept anything at the moment. What waits is kept.",
        Refusals.TooLarge => "A message was larger than any batch can be; update the agent.",
        Refusals.WrongRecipient => "Sealed to a key that this collector does not have.",
        _ => "Update the agent.",
    };
}
