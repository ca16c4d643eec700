using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Service.Checks;

/// <summary>What takes packets: the same network check that every measurement carries, and a knock at the collector.</summary>
sealed class LineChecks(IServiceProvider services, TimeProvider time)
{
    const long ClockTolerance = 300;

    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken ct) =>
        [.. await LineAsync(ct), .. await CollectorAsync(ct)];

    async Task<IReadOnlyList<CheckResult>> LineAsync(CancellationToken ct)
    {
        var plan = services.GetRequiredService<Plans>().Check(services.GetRequiredService<TestListStore>().Current);
        if (plan.References.Count == 0)
        {
            const string detail = "there is no list to draw references from.";
            const string remedy = "join a collector, or set Agent:References.";
            return [new("resolver", CheckStatus.Unknown, detail, remedy), new("portal", CheckStatus.Unknown, detail, remedy), new("rewriting", CheckStatus.Unknown, detail, remedy)];
        }
        var check = await services.GetRequiredService<NetworkChecks>().GetAsync(plan, this, ct);
        return [Resolver(check), Portal(check), Rewriting(check)];
    }

    static CheckResult Resolver(NetworkCheck check)
    {
        var failed = check.References.Count(reference => reference.Layer == "dns" && reference.Failure.Length > 0);
        var detail = $"{check.References.Count - failed} of {check.References.Count} reference names were answered.";
        return failed == 0 ? CheckResult.Ok("resolver", detail)
            : new("resolver", failed == check.References.Count ? CheckStatus.Failed : CheckStatus.Warning, detail, "look at the resolver that your router or system is set to.");
    }

    static CheckResult Portal(NetworkCheck check)
    {
        var reached = check.References.Count(reference => reference.Failure.Length == 0);
        var detail = $"{reached} of {check.References.Count} references were reached under their own certificate.";
        return reached == check.References.Count ? CheckResult.Ok("portal", detail)
            : new("portal", reached == 0 ? CheckStatus.Failed : CheckStatus.Warning, detail,
                "open a page in a browser: a captive portal may want a login; a filter product or virus scanner that opens TLS must be off for the agent.");
    }

    static CheckResult Rewriting(NetworkCheck check) => check.Nonexistent switch
    {
        null => new("rewriting", CheckStatus.Unknown, "the list brings no words for names that do not exist.", "nothing needs doing."),
        { Failure: "" } => new("rewriting", CheckStatus.Warning, "the resolver invents answers for names that do not exist.", "nothing needs doing, the collector knows; another resolver would measure better."),
        _ => CheckResult.Ok("rewriting", "a name that does not exist gets no answer."),
    };

    async Task<IReadOnlyList<CheckResult>> CollectorAsync(CancellationToken ct)
    {
        if (services.GetRequiredService<StateFile<Enrollment>>().Current is not { } joined)
        {
            const string detail = "this machine has joined no collector.";
            const string remedy = "probenet-agent enroll";
            return [new("collector", CheckStatus.Unknown, detail, remedy), new("clock", CheckStatus.Unknown, detail, remedy)];
        }
        var (stream, end) = await services.GetRequiredService<CollectorDoor>().OpenAsync(CollectorEndpoint.Of(joined), ct);
        if (stream is null)
        {
            return
            [
                new("collector", CheckStatus.Failed, Output.Contact.Describe(end), "check the connection, or set Agent:Upload:Proxy; what is measured waits 14 days."),
                new("clock", CheckStatus.Unknown, "the collector tells the time, and it was not reached.", "see 'collector'."),
            ];
        }
        using (stream)
        {
            var skew = time.GetUtcNow().ToUnixTimeSeconds() - stream.Proof.Clock;
            return
            [
                CheckResult.Ok("collector", "it answered and proved itself."),
                Math.Abs(skew) < ClockTolerance
                    ? CheckResult.Ok("clock", $"{Math.Abs(skew)} seconds from the collector's.")
                    : new("clock", CheckStatus.Failed, $"{Math.Abs(skew)} seconds {(skew > 0 ? "ahead of" : "behind")} the collector's.", "set the clock: timedatectl set-ntp true"),
            ];
        }
    }
}
