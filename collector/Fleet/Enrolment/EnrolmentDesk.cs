using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Enrolment;

/// <summary>What an enrolment gave: both parts, or one of <see cref="Refusals"/>.</summary>
sealed record EnrolmentOutcome(string? Refusal, ByteString Credential, Signed? Certificate)
{
    public static EnrolmentOutcome Refused(string reason) => new(reason, ByteString.Empty, null);
}

/// <summary>
/// Makes a volunteer of an invite and certifies keys. Who holds an invite and who a key belongs to are never written down
/// together: what joins a volunteer's keys is in the credential that the volunteer's own machine keeps.
/// </summary>
sealed class EnrolmentDesk(
    NpgsqlDataSource store, InviteDesk invites, EpochSecrets epochs, AgentKeys agents, Lines lines, NetworkLookup networks, TimeProvider time)
{
    // A certificate outlives its epoch by what may be late: a spool is still delivered; what is measured later counts nowhere.
    const uint DaysToDeliver = 15;

    const int UnitsKept = 8;

    const int RepeatsKept = 1000;

    // A lost answer must not cost an invite its use. In memory only: nothing durable may link the two.
    readonly ConcurrentDictionary<(ByteString InviteHash, ByteString Key), Credential> _redeemed = new();

    /// <param name="address">Where the request came from; null when it is not known. Used and forgotten.</param>
    public Task<EnrolmentOutcome> RedeemAsync(FleetState fleet, Redeem redeem, IPAddress? address, CancellationToken ct) =>
        GuardAsync(async () =>
        {
            var again = (ByteString.CopyFrom(SHA256.HashData(redeem.InviteSecret.Span)), redeem.Key.PublicKey);
            await using var connection = await store.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (!_redeemed.TryGetValue(again, out var credential))
            {
                var (terms, refusal) = await invites.UseAsync(redeem.InviteSecret.Memory, connection, transaction, ct);
                if (terms is null)
                    return EnrolmentOutcome.Refused(refusal);
                credential = new()
                {
                    Redemption = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
                    Group = terms.Group,
                    Role = terms.Role,
                    Cc = terms.Cc,
                    RedeemedDay = Day.Of(time.GetUtcNow()),
                };
                lines.Join(credential, address);
            }
            var outcome = await CertifyAsync(fleet, credential, redeem.Key, address, connection, transaction, ct);
            await transaction.CommitAsync(ct);
            if (_redeemed.Count >= RepeatsKept)
                _redeemed.Clear();
            _redeemed[again] = credential;
            return outcome;
        });

    /// <inheritdoc cref="RedeemAsync"/>
    public Task<EnrolmentOutcome> CertifyAsync(FleetState fleet, Certify certify, IPAddress? address, CancellationToken ct) =>
        GuardAsync(async () =>
        {
            var credential = fleet.Keys.Credentials.Select(key => key.TryOpen(certify.Credential.Span)).FirstOrDefault(opened => opened is not null);
            if (credential is null)
                return EnrolmentOutcome.Refused(Refusals.UnknownKey);
            if (await agents.IsRevokedAsync(credential, await epochs.GetAsync(ct), ct))
                return EnrolmentOutcome.Refused(Refusals.RevokedKey);
            await using var connection = await store.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var outcome = await CertifyAsync(fleet, credential, certify.Key, address, connection, transaction, ct);
            await transaction.CommitAsync(ct);
            return outcome;
        });

    async Task<EnrolmentOutcome> CertifyAsync(
        FleetState fleet, Credential credential, KeyRequest request, IPAddress? address, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        var epoch = await epochs.GetAsync(ct);
        var (asn, source, cc) = networks.Of(request, address);
        var today = Day.Of(time.GetUtcNow());
        var certificate = new KeyCertificate
        {
            PublicKey = request.PublicKey,
            Unit = ByteString.CopyFrom(epoch.Unit(credential.Redemption.Span, asn)),
            Group = ByteString.CopyFrom(epoch.Group(credential, asn)),
            Role = credential.Role,
            Cc = cc.Length > 0 ? cc : credential.Cc,
            Asn = asn,
            AsnSource = source,
            Epoch = epoch.Epoch,
            IssuedDay = today,
            ExpiresDay = ((epoch.Epoch + 1) * Day.PerEpoch) + DaysToDeliver,
        };
        await AgentKeys.AddAsync(certificate, connection, transaction, ct);
        await AgentKeys.NoteStandingAsync(certificate, established: today - credential.RedeemedDay >= Day.PerEpoch, connection, transaction, ct);
        var kept = credential.Clone();
        kept.Units.Remove(certificate.Unit);
        kept.Units.Add(certificate.Unit);
        while (kept.Units.Count > UnitsKept)
            kept.Units.RemoveAt(0);
        return new(null, fleet.Keys.Credentials[0].Seal(kept), fleet.Keys.Identity.Sign(SigningContext.Certificate, certificate));
    }

    static async Task<EnrolmentOutcome> GuardAsync(Func<Task<EnrolmentOutcome>> enrol)
    {
        try
        {
            return await enrol();
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            return EnrolmentOutcome.Refused(Refusals.Unavailable);
        }
    }
}
