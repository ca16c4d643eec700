using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Spool;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Uplink;

/// <summary>One contact: a session of one key, on a connection of its own, with a certificate first where it has none.</summary>
sealed class Contacts(
    CollectorDoor door, EnrollmentClient client, StateFile<Enrollment> enrollment, StateFile<UplinkState> state, SessionParts parts, Random random)
{
    /// <summary>A standing session lasts; otherwise the state names how the last contact ended.</summary>
    public const string Connected = "Connected";

    static readonly string AgentVersion = typeof(Contacts).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <exception cref="InvalidOperationException">The machine has not joined a collector.</exception>
    public async Task<ContactEnd> RunAsync(NetworkKey key, SessionTerms terms, CancellationToken ct)
    {
        var (end, skew) = await TryRunAsync(key, terms, ct);
        if (ct.IsCancellationRequested && end.Result != ContactResult.Done)
            return end;
        Remember(end.Result.ToString(), end, skew);
        Heed(end, key);
        return end;
    }

    async Task<(ContactEnd End, long? Skew)> TryRunAsync(NetworkKey key, SessionTerms terms, CancellationToken ct)
    {
        var joined = enrollment.Current ?? throw new InvalidOperationException("The machine has not joined a collector.");
        var certified = key;
        if (key.Certified is null)
        {
            if (await client.CertifyAsync(key, joined, ct) is { Result: not ContactResult.Done } failed)
                return (failed, null);
            certified = parts.Keys.Find(key.Number) ?? key;
            var today = Day.Of(parts.Time.GetUtcNow());
            // Certified for an epoch that is over here: the clocks stand on two sides of a boundary.
            if (today < key.ExpiresDay && today >= certified.ExpiresDay)
                return (new(ContactResult.Refused, Refusals.ClockSkew), null);
        }
        var (stream, end) = await door.OpenAsync(CollectorEndpoint.Of(joined), ct);
        if (stream is null)
            return (end, null);
        using (stream)
        {
            var skew = stream.Proof.Clock - parts.Time.GetUtcNow().ToUnixTimeSeconds();
            TakeEncryptionKey(stream);
            // A standing session may last for weeks: who asks meanwhile is told that it does.
            Action welcomed = terms.Standing ? () => Remember(Connected, ContactEnd.Done, skew) : () => { };
            return (await new UplinkSession(parts, stream, certified, terms, random.NextDouble, welcomed).RunAsync(AgentVersion, ct), skew);
        }
    }

    // What is sealed from now on goes to the key that the collector shows now.
    void TakeEncryptionKey(CollectorStream stream)
    {
        if (enrollment.Current is not { } joined || joined.EncryptionKey == stream.Proof.EncryptionKey)
            return;
        var changed = joined.Clone();
        changed.EncryptionKey = stream.Proof.EncryptionKey;
        enrollment.Save(changed);
    }

    void Heed(ContactEnd end, NetworkKey key)
    {
        if (end.Result != ContactResult.Refused || end.WasWelcomed)
            return;
        if (end.Reason == Refusals.UnknownKey && key.Certified is not null)
            parts.Keys.SetCertificate(key, null);
        // For ever: what waits under the key will never be taken.
        if (end.Reason is Refusals.RevokedKey or Refusals.ExpiredKey && key.Certified is not null)
            _ = parts.Spool.Settle([.. parts.Spool.Pending(key.Number).Select(record => record.Number)], Settlement.Rejected);
    }

    void Remember(string result, ContactEnd end, long? skew)
    {
        var now = parts.Time.GetUtcNow().ToUnixTimeSeconds();
        var kept = state.Current?.Clone() ?? new();
        kept.LastTry = now;
        if (end.Result == ContactResult.Done)
            kept.LastSuccess = now;
        (kept.Result, kept.Reason, kept.Remedy) = (result, end.Reason, end.Remedy);
        kept.ClockSkewSeconds = skew ?? kept.ClockSkewSeconds;
        state.Save(kept);
    }
}
