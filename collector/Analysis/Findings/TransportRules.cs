using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>Connections and handshakes, address by address, against those of controls to the same address.</summary>
sealed class TransportRules(Comparison comparison, Firings firings)
{
    const int MinutesADay = 24 * 60;

    public void Apply()
    {
        foreach (var attempts in comparison.Seen.Tcp.GroupBy(c => c.Endpoint))
            Connect(Attempts.Decisive(attempts, c => c.Failure, c => c.Attempt));
        foreach (var attempts in comparison.Seen.Tls.Where(h => h.Arm == ComparisonArms.None).GroupBy(h => (h.Endpoint, h.ServerName)))
            Shake(Attempts.Decisive(attempts, h => h.Failure, h => h.Attempt));
    }

    void Connect(TcpObservation connect)
    {
        if (connect.Failure.Length == 0 || comparison.IsMasked(connect.Endpoint.Address, connect.Failure))
            return;
        var host = comparison.HostOf(connect.Endpoint.Address);
        var trust = comparison.Trust(host, connect.Endpoint.Address);
        if (trust == AddressTrust.None)
            return;
        var mechanism = connect.Failure switch
        {
            FailureCodes.ConnectionReset => Mechanisms.TcpReset,
            FailureCodes.ConnectionRefused => Mechanisms.TcpRefused,
            FailureCodes.GenericTimeout or FailureCodes.TimedOut => Mechanisms.TcpTimeout,
            FailureCodes.HostUnreachable or FailureCodes.NetworkUnreachable => Mechanisms.IpUnreachable,
            _ => Layers.Tcp,
        };
        switch (comparison.Control.Tcp(connect.Endpoint))
        {
            case ControlVerdict.Works:
                firings.Fire(Rules.TcpFails, mechanism, weight: Attempts.IsSilence(connect.Failure) ? 1.5 : null);
                break;
            case ControlVerdict.Fails:
                firings.Fire(Rules.TcpControlFails);
                break;
            case ControlVerdict.None when trust == AddressTrust.Agreed && comparison.Control.Page == ControlVerdict.Works
                && (host == comparison.Host || comparison.IsReachedHop(host)):
                firings.Fire(Rules.TcpFailsUncompared, mechanism);
                break;
            default:
                firings.Fire(Rules.TcpNoControl);
                break;
        }
    }

    void Shake(TlsObservation handshake)
    {
        if (handshake.Failure.Length == 0 || comparison.IsMasked(handshake.Endpoint.Address, handshake.Failure))
            return;
        var trust = comparison.Trust(handshake.ServerName, handshake.Endpoint.Address);
        if (trust == AddressTrust.None)
            return;
        var control = comparison.Control.Tls(handshake.Endpoint, handshake.ServerName);
        if (control == ControlVerdict.Fails)
            firings.Fire(Rules.TlsControlFails);
        else if (control == ControlVerdict.None && (trust != AddressTrust.Agreed
            || (comparison.Control.Tls(handshake.ServerName) != ControlVerdict.Works && !comparison.IsReachedHop(handshake.ServerName))))
            firings.Fire(Rules.TlsNoControl);
        else if (handshake.Chain.Count > 0 && IsRefusedCertificate(handshake.Failure))
            FalseCertificate(handshake);
        else
            BrokenOff(handshake, compared: control == ControlVerdict.Works);
    }

    void FalseCertificate(TlsObservation handshake)
    {
        if (comparison.Control.Presented(handshake.ServerName, handshake.Chain[0]))
        {
            firings.Fire(Rules.TlsSameCertificate);
            return;
        }
        // Every certificate is out of date for a clock that is a day off.
        if (handshake.Failure == FailureCodes.SslInvalidCertificate && comparison.Seen.Network.ClockMinutes is { } skew && Math.Abs(skew) >= MinutesADay)
        {
            firings.Fire(Rules.TlsClockWrong);
            return;
        }
        var certificate = comparison.Context.Certificates.GetValueOrDefault(handshake.Chain[0]);
        var selfSigned = certificate?.SelfSigned ?? (handshake.Chain.Count == 1 && handshake.Failure == FailureCodes.SslUnknownAuthority);
        firings.Fire(Rules.TlsFalseCertificate, selfSigned ? Mechanisms.TlsMitmSelfSigned : Mechanisms.TlsMitmCaSigned,
            artefact: Artefacts.FalseCertificate, token: Marks.Issuer(certificate?.Issuer ?? handshake.Chain[^1]));
    }

    void BrokenOff(TlsObservation handshake, bool compared)
    {
        var (plain, byName) = handshake.Failure switch
        {
            FailureCodes.ConnectionReset => (Mechanisms.TlsReset, Mechanisms.TlsResetSni),
            FailureCodes.GenericTimeout or FailureCodes.TimedOut => (Mechanisms.TlsTimeout, Mechanisms.TlsTimeoutSni),
            FailureCodes.EofError or FailureCodes.ConnectionAborted => (Mechanisms.TlsClose, Mechanisms.TlsCloseSni),
            _ when handshake.Alert > 0 || handshake.Failure == FailureCodes.SslHandshakeFailed => (Mechanisms.TlsAlert, Mechanisms.TlsAlert),
            _ => (Layers.Tls, Layers.Tls),
        };
        var silent = Attempts.IsSilence(handshake.Failure);
        if (ServerNameComparison.IsPositive(comparison.Seen, handshake) && !comparison.Control.Compared(handshake.Endpoint))
            firings.Fire(Rules.TlsSniUncompared, byName);
        else if (ServerNameComparison.IsPositive(comparison.Seen, handshake))
            firings.Fire(Rules.TlsSniComparison, byName, artefact: Artefacts.SniComparison, weight: silent ? 4 : null);
        if (compared)
            firings.Fire(Rules.TlsFails, plain, weight: silent ? 1.8 : null);
        else
            firings.Fire(Rules.TlsFailsUncompared, plain);
    }

    static bool IsRefusedCertificate(string failure) =>
        failure is FailureCodes.SslUnknownAuthority or FailureCodes.SslInvalidCertificate or FailureCodes.SslInvalidHostname;
}
