using ProbeNet.Protos.V1;
using V1Reason = ProbeNet.Protos.V1.Reason;

namespace ProbeNet.Agent.Measurements;

sealed partial class HistoryEntry
{
    const long Minute = 60;

    /// <param name="dropped">Why it is not sent; empty when it is.</param>
    public static HistoryEntry Of(DateTimeOffset started, Reason reason, Facts facts, string dropped)
    {
        var (layer, failure) = FirstFailure(facts);
        return new()
        {
            Time = started.ToUnixTimeSeconds() / Minute * Minute,
            Input = facts.Input,
            Reason = reason switch { V1Reason.Task => "task", V1Reason.Manual => "manual", _ => "scheduled" },
            Layer = layer,
            Failure = failure,
            Status = facts.Http.LastOrDefault()?.Status ?? 0,
            Dropped = dropped,
        };
    }

    // The deepest layer that was reached tells: where a page came, nothing failed that mattered.
    static (string Layer, string Failure) FirstFailure(Facts facts)
    {
        if (facts.Http.LastOrDefault() is { } exchange)
            return exchange.Failure.Length == 0 ? ("", "") : ("http", exchange.Failure);
        if (facts.Tls.FirstOrDefault(one => one.Failure.Length > 0) is { } handshake)
            return ("tls", handshake.Failure);
        if (facts.Tcp.FirstOrDefault(one => one.Failure.Length > 0) is { } connect)
            return ("tcp", connect.Failure);
        return facts.Dns.FirstOrDefault(one => one.Failure.Length > 0) is { } query ? ("dns", query.Failure) : ("", "");
    }
}
