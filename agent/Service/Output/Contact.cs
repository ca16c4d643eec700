using ProbeNet.Agent.Uplink;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Service.Output;

/// <summary>How a contact with the collector ended, in a line that says what to do. Names no address.</summary>
static class Contact
{
    public static string Describe(ContactEnd end) => end.Result switch
    {
        ContactResult.Done => "the collector answered.",
        ContactResult.Unreachable => $"the collector cannot be reached{Code(end.Reason)}: check the connection, or set Agent:Upload:Proxy.",
        ContactResult.NotTheCollector => "something answered that is not the collector of the invite: somebody may stand in between; try another network.",
        ContactResult.Lost => "the connection to the collector broke off: try again.",
        ContactResult.Refused => $"the collector refused ({end.Reason}): {Remedy(end)}",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end.Result, null),
    };

    static string Code(string reason) => reason.Length == 0 ? "" : $" ({reason})";

    static string Remedy(ContactEnd end) => end.Remedy is { Length: > 0 } remedy ? remedy : end.Reason switch
    {
        Refusals.BadInvite => "copy the whole invite, or ask for another.",
        Refusals.UsedInvite => "the invite was used up: ask for another.",
        Refusals.ExpiredInvite => "the invite has expired: ask for another.",
        Refusals.ClockSkew => "set this machine's clock.",
        Refusals.Rate or Refusals.Unavailable => "try again later.",
        _ => "ask whoever invited you.",
    };
}
