using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>Requests and answers. What comes under a valid certificate is the server's; clear text may be anybody's.</summary>
/// <param name="slowed">A page was found to be slowed: a request that was not answered in time was being answered.</param>
sealed class HttpRules(Comparison comparison, Firings firings, bool slowed)
{
    public void Apply()
    {
        var inClear = false;
        foreach (var exchange in comparison.Seen.Http)
        {
            inClear |= !exchange.IsSecure;
            // A page that a redirect in clear text led to is as little the server's as the redirect.
            if (inClear && comparison.Context.Fingerprints.OfExchange(exchange, comparison.Context.Cc) is { } match && IsTrusted(exchange)
                && !(exchange.IsSecure && HostName.Of(exchange.Url) == comparison.Host))
                Blockpage(match);
        }
        foreach (var attempts in comparison.Seen.Http.GroupBy(e => (e.Url, e.Endpoint)))
            Failed(Attempts.Decisive(attempts, e => e.Failure, e => e.Attempt));
        if (comparison.Page is { } page)
            Ended(page);
        else
            Handshaken();
    }

    bool IsTrusted(HttpObservation exchange) => comparison.Trust(HostName.Of(exchange.Url), exchange.Endpoint.Address) != AddressTrust.None;

    void Blockpage(BlockpageMatch match)
    {
        if (match.IsRedirect)
            firings.Fire(Rules.HttpBlockpageRedirect, Mechanisms.HttpRedirect, artefact: Artefacts.Blockpage, token: $"fingerprint:{match.Name}");
        else
            firings.Fire(Rules.HttpBlockpage, Mechanisms.HttpBlockpage, artefact: Artefacts.Blockpage, token: $"fingerprint:{match.Name}");
    }

    void Failed(HttpObservation exchange)
    {
        if (slowed && Attempts.IsSilence(exchange.Failure) && exchange.Received > 0)
            return;
        // A page that was still coming when the measurement ended had been answered.
        if (exchange.Failure is FailureCodes.None or FailureCodes.Interrupted || !IsTrusted(exchange) || comparison.IsMasked(exchange.Endpoint.Address, exchange.Failure))
            return;
        var mechanism = exchange.Failure switch
        {
            FailureCodes.ConnectionReset or FailureCodes.ConnectionAborted => Mechanisms.HttpReset,
            FailureCodes.GenericTimeout or FailureCodes.TimedOut => Mechanisms.HttpTimeout,
            FailureCodes.EofError => Mechanisms.HttpEmpty,
            _ => Layers.Http,
        };
        switch (comparison.Control.Origin(exchange.Url))
        {
            case ControlVerdict.Works when (mechanism is Mechanisms.HttpReset or Mechanisms.HttpTimeout) && IsTheNames(exchange):
                firings.Fire(Rules.HttpHostComparison, mechanism == Mechanisms.HttpReset ? Mechanisms.HttpResetHost : Mechanisms.HttpTimeoutHost);
                break;
            case ControlVerdict.Works:
                firings.Fire(Rules.HttpFails, mechanism, weight: Attempts.IsSilence(exchange.Failure) ? 1.8 : null);
                break;
            case ControlVerdict.Fails:
                firings.Fire(Rules.HttpControlFails);
                break;
            case ControlVerdict.None when comparison.IsReachedHop(HostName.Of(exchange.Url)):
                firings.Fire(Rules.HttpFailsUncompared, mechanism);
                break;
            default:
                firings.Fire(Rules.HttpNoControl);
                break;
        }
    }

    // At one address the target's host fails twice and an innocuous one is answered; so it is at a control, for both.
    bool IsTheNames(HttpObservation exchange) => !exchange.IsSecure && comparison.Control.Compared(exchange.Endpoint)
        && comparison.Seen.Arms.Any(a => a.Arm == ComparisonArms.Innocuous && a.Endpoint == exchange.Endpoint && a.Failure.Length == 0)
        && comparison.Seen.Arms.Any(a => a.Arm == ComparisonArms.Target && a.Endpoint == exchange.Endpoint && a.Failure.Length > 0);

    void Ended(HttpObservation page)
    {
        var host = HostName.Of(page.Url);
        if (page.IsSecure)
        {
            if (!IsUnasked(host) && !Reached(page, host))
                return;
            Answered(page);
            return;
        }
        if (comparison.Trust(host, page.Endpoint.Address) != AddressTrust.None)
            InClear(page, host);
    }

    void Answered(HttpObservation page)
    {
        var control = ControlPages();
        if (page.Status >= 400 && (control == ControlVerdict.Works || (control == ControlVerdict.None && page.Status is (403 or 429 or 451))))
            firings.Fire(Rules.HttpServerRefuses, token: $"status:{page.Status}");
        else
            firings.Fire(page.Status >= 400 && control == ControlVerdict.Fails ? Rules.OkSameAnswer : Rules.OkCertificate);
    }

    // The system's own resolver led there: a page behind an address that only others gave is no page that a person would see.
    bool Reached(HttpObservation page, string host) => comparison.SystemAnswers(host).Contains(page.Endpoint.Address);

    bool IsUnasked(string host) => !comparison.Queries(host).Any(q => q.Engine == DnsEngines.System);

    /// <summary>Works: controls get the page itself, not an error of the server's.</summary>
    ControlVerdict ControlPages() => comparison.Control.Page == ControlVerdict.Works && comparison.Control.Pages.Count > 0
        ? comparison.Control.Pages.Count(p => p.Status < 400) * 2 > comparison.Control.Pages.Count ? ControlVerdict.Works : ControlVerdict.Fails
        : ControlVerdict.None;

    void InClear(HttpObservation page, string host)
    {
        switch (PageComparison.Of(page, comparison.Control))
        {
            case PageLikeness.Uncompared:
                firings.Fire(Rules.HttpNoControl);
                return;
            case PageLikeness.Same:
                if (Proxied(page))
                    firings.Fire(Rules.HttpProxied, Mechanisms.HttpHijack);
                if (IsUnasked(host) || Reached(page, host))
                    firings.Fire(page.Status >= 400 ? Rules.OkSameAnswer : Rules.OkSamePage);
                return;
            default:
                Different(page, host);
                return;
        }
    }

    void Different(HttpObservation page, string host)
    {
        if (page.Status is 403 or 429 or 503 && page.Header("server") is { } server
            && comparison.Control.Pages.Any(c => c.Header("server") == server))
        {
            firings.Fire(Rules.HttpEdgeRefuses, token: $"status:{page.Status}");
            return;
        }
        var (rule, mechanism, mark) = Difference(page, host);
        if (mark is not null)
            firings.Stray(mark);
        firings.Fire(rule, mechanism, token: mark);
        if (mark is not null && comparison.Context.SharedMarks.Contains(mark))
            firings.Fire(Rules.HttpSamePage, rule == Rules.HttpRedirect ? Mechanisms.HttpRedirect : Mechanisms.HttpBlockpage,
                artefact: Artefacts.Blockpage, token: mark);
    }

    (Rule Rule, string Mechanism, string? Mark) Difference(HttpObservation page, string host)
    {
        if (page.Location.Length > 0 && Uri.TryCreate(page.Url, page.Location, out var next)
            && HostName.Registrable(HostName.Of(next)) != HostName.Registrable(comparison.Host) && !comparison.Control.Visited(HostName.Of(next)))
            return (Rules.HttpRedirect, Mechanisms.HttpRedirect, Marks.Redirect(HostName.Of(next)));
        // To nowhere: it cannot be read, or was an address of the device's own, which the agent replaces.
        if (page.Status is >= 300 and < 400 && (page.Location.Length == 0 || !Uri.TryCreate(page.Url, page.Location, out _)))
            return (Rules.HttpRedirect, Mechanisms.HttpRedirect, null);
        if (page is { Status: < 300, BodyLength: 0 })
            return (Rules.HttpEmpty, Mechanisms.HttpEmpty, null);
        // Error pages of common servers are alike everywhere; only what passes for a page marks its maker.
        var marks = (page.Status < 300 || page.Status == 451) && page.BodySha256.Length > 0 && page.BodyLength > 0;
        return (Rules.HttpDifferent, host == comparison.Host ? Layers.Http : Mechanisms.HttpRedirect, marks ? Marks.Page(page.BodySha256) : null);
    }

    bool Proxied(HttpObservation page) => (page.Header("via") is not null || page.Header("x-cache") is not null)
        && !comparison.Control.Pages.Any(c => c.Header("via") is not null || c.Header("x-cache") is not null);

    /// <summary>No request was made or none ended, but a handshake alone may prove that the name is served.</summary>
    void Handshaken()
    {
        if (comparison.Seen.Http.Count == 0 && comparison.Seen.Input.Scheme == Uri.UriSchemeHttps
            && comparison.SystemAnswers(comparison.Host).Any(a => comparison.ProvenHere(comparison.Host, a)))
            firings.Fire(Rules.OkCertificate);
    }
}
