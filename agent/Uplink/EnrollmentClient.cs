using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Uplink;

/// <summary>Joins a collector, and has the keys of further networks certified.</summary>
sealed class EnrollmentClient(
    CollectorDoor door, StateFile<Enrollment> enrollment, NetworkKeys keys, TestListStore lists, OwnNetwork network, TimeProvider time)
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(1);

    /// <summary>Spends a use of the invite. Afterwards this machine is enrolled, and the key of the network it is on is certified.</summary>
    /// <exception cref="IOException">The state directory cannot be written.</exception>
    public async Task<ContactEnd> RedeemAsync(string inviteText, CancellationToken ct)
    {
        if (!InviteText.TryRead(inviteText, out var invite))
            return new(ContactResult.Refused, Refusals.BadInvite, "The invite is altered or incomplete: copy all of it.");
        var (stream, end) = await door.OpenAsync(CollectorEndpoint.Of(invite), ct);
        if (stream is null)
            return end;
        using (stream)
        {
            var key = keys.Current();
            var redeem = new Redeem { InviteSecret = invite.Secret, Key = RequestFor(key, stream) };
            var message = new AgentMessage { Redeem = SealTo(stream, redeem) };
            var answer = await AskAsync(stream, message, ct);
            if (answer?.MessageCase != CollectorMessage.MessageOneofCase.Enrolled)
                return EndOf(answer);
            var enrolled = answer.Enrolled;
            if (!IsFor(enrolled.Certificate, key, stream))
                return new(ContactResult.NotTheCollector);
            enrollment.Save(Joined(invite, enrolled, stream));
            keys.SetCertificate(key, enrolled.Certificate);
        }
        return ContactEnd.Done;
    }

    /// <summary>Has a key certified under what joining brought.</summary>
    /// <exception cref="IOException">The state directory cannot be written.</exception>
    public async Task<ContactEnd> CertifyAsync(NetworkKey key, Enrollment joined, CancellationToken ct)
    {
        var (stream, end) = await door.OpenAsync(CollectorEndpoint.Of(joined), ct);
        if (stream is null)
            return end;
        using (stream)
        {
            var certify = new Certify { Credential = joined.Credential, Key = RequestFor(key, stream) };
            var answer = await AskAsync(stream, new() { Certify = SealTo(stream, certify) }, ct);
            if (answer?.MessageCase != CollectorMessage.MessageOneofCase.Certified)
                return EndOf(answer);
            if (!IsFor(answer.Certified.Certificate, key, stream))
                return new(ContactResult.NotTheCollector);
            var kept = joined.Clone();
            kept.Credential = answer.Certified.Credential;
            kept.EncryptionKey = stream.Proof.EncryptionKey;
            enrollment.Save(kept);
            keys.SetCertificate(key, answer.Certified.Certificate);
        }
        return ContactEnd.Done;
    }

    KeyRequest RequestFor(NetworkKey key, CollectorStream stream)
    {
        var isHere = keys.IsCurrent(key);
        var origin = isHere ? OwnOrigin() : Origin.Unknown;
        return new()
        {
            PublicKey = key.PublicKey,
            Possession = UnsafeByteOperations.UnsafeWrap(key.Signing.Sign(SigningContext.Possession, stream.PossessionStatement)),
            // The address that the collector sees is the key's network only on the straight way out of it.
            Direct = isHere && door.IsDirect,
            Asn = origin.Asn,
            Cc = origin.Cc,
        };
    }

    Origin OwnOrigin() =>
        lists.Current is { } list
            ? network.Addresses().Select(list.Prefixes.Find).FirstOrDefault(origin => origin.Asn != 0, Origin.Unknown)
            : Origin.Unknown;

    // Where TLS ends at a front, the front learns neither invite nor credential.
    static Envelope SealTo(CollectorStream stream, IMessage message) =>
        Sealed.TrySeal(message.ToByteArray(), stream.Proof.EncryptionKey.Span)
        ?? throw new InvalidOperationException("An enrolment is a few hundred bytes, and fits every envelope.");

    async Task<CollectorMessage?> AskAsync(CollectorStream stream, AgentMessage message, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        if (!await stream.SendAsync(message, either.Token))
            return null;
        var answer = await stream.ReadAsync(either.Token);
        await stream.CompleteAsync();
        return answer;
    }

    static ContactEnd EndOf(CollectorMessage? answer) =>
        answer?.MessageCase == CollectorMessage.MessageOneofCase.Refusal ? ContactEnd.Of(answer.Refusal) : new(ContactResult.Lost);

    static bool IsFor(Signed certificate, NetworkKey key, CollectorStream stream) =>
        stream.Identity.Verify(SigningContext.Certificate, certificate)
        && KeyCertificate.Parser.ParseFrom(certificate.Statement).PublicKey == key.PublicKey;

    static Enrollment Joined(Invite invite, Enrolled enrolled, CollectorStream stream)
    {
        var certificate = KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement);
        var joined = new Enrollment
        {
            Credential = enrolled.Credential,
            IdentityKey = invite.IdentityKey,
            EncryptionKey = stream.Proof.EncryptionKey,
            TlsPin = invite.TlsPin,
            Role = certificate.Role,
            Cc = certificate.Cc,
            Root = invite.Root,
        };
        joined.Addresses.AddRange(invite.Addresses);
        joined.ListKeys.AddRange(enrolled.ListKeys.Where(key =>
            invite.ListKeys.Contains(ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(key.Span)))));
        return joined;
    }
}
