using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Uplink;

/// <summary>What came of a withdrawal under one key.</summary>
/// <param name="Key">Its number on this machine.</param>
/// <param name="End"><see cref="ContactResult.Done"/> only when the collector has said that the withdrawal is durable.</param>
sealed record WithdrawalEnd(ulong Key, ContactEnd End);

/// <summary>Asks the collector, signed by each key, to delete what this machine sent.</summary>
sealed class WithdrawClient(CollectorDoor door, StateFile<Enrollment> enrollment, NetworkKeys keys, TimeProvider time)
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(1);

    /// <param name="sinceDay">Days since 1970-01-01; 0 withdraws everything.</param>
    /// <param name="lastSeal">The last seal of a key: what arrives later and is older is withdrawn too.</param>
    /// <returns>One for each key that the collector knows, in random order of neither time nor network; empty when nothing was ever sent.</returns>
    /// <exception cref="InvalidOperationException">The machine has not joined a collector.</exception>
    public async Task<IReadOnlyList<WithdrawalEnd>> WithdrawAsync(uint sinceDay, Func<ulong, SpooledSeal> lastSeal, CancellationToken ct)
    {
        var joined = enrollment.Current ?? throw new InvalidOperationException("The machine has not joined a collector.");
        var ends = new List<WithdrawalEnd>();
        foreach (var key in keys.All().Where(key => key.Certified is not null))
            ends.Add(new(key.Number, await WithdrawAsync(key, joined, sinceDay, lastSeal(key.Number).Sequence, ct)));
        return ends;
    }

    async Task<ContactEnd> WithdrawAsync(NetworkKey key, Enrollment joined, uint sinceDay, ulong through, CancellationToken ct)
    {
        var (stream, end) = await door.OpenAsync(CollectorEndpoint.Of(joined), ct);
        if (stream is null)
            return end;
        using (stream)
        {
            using var deadline = new CancellationTokenSource(AnswerWithin, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
            var hello = new Hello
            {
                Certificate = key.Certificate,
                Possession = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(key.Signing.Sign(SigningContext.Possession, stream.PossessionStatement)),
                Clock = time.GetUtcNow().ToUnixTimeSeconds(),
            };
            var withdrawal = key.Signing.Sign(SigningContext.Withdrawal, new Withdrawal { PublicKey = key.PublicKey, SinceDay = sinceDay, ThroughSequence = through });
            if (!await stream.SendAsync(new() { Hello = hello }, either.Token) || !await stream.SendAsync(new() { Withdrawal = withdrawal }, either.Token))
                return new(ContactResult.Lost);
            while (await stream.ReadAsync(either.Token) is { } message)
            {
                if (message.MessageCase == CollectorMessage.MessageOneofCase.Refusal)
                    return ContactEnd.Of(message.Refusal);
                if (message.MessageCase != CollectorMessage.MessageOneofCase.Withdrawn)
                    continue;
                await stream.CompleteAsync();
                return message.Withdrawn.Durable ? ContactEnd.Done : new(ContactResult.Refused);
            }
            return new(ContactResult.Lost);
        }
    }
}
