using CsCheck;
using Google.Protobuf;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Protos.Tests;

public sealed class SealingTests
{
    [Fact]
    public void A_sealed_batch_holds_and_names_its_leaves()
    {
        using var key = SigningKey.Create();
        var batch = new BatchSealer(key, 0, default).Seal(Some.Measurements(7), []);

        Assert.Null(BatchCheck.Check(batch, out var seal));
        Assert.NotNull(seal);
        Assert.Equal(1u, seal.Header.Sequence);
        Assert.Equal(7, seal.Leaves.Count);
        Assert.Equal(key.PublicKey.Bytes, seal.Header.PublicKey);
    }

    [Fact]
    public void Each_seal_names_the_one_before_it()
    {
        using var key = SigningKey.Create();
        var sealer = new BatchSealer(key, 0, default);
        var first = sealer.Seal(Some.Measurements(1), []);
        var second = sealer.Seal(Some.Measurements(1), []);

        Assert.Null(BatchCheck.Check(second, out var seal));
        Assert.Equal(BatchSealer.SealHash(first.Seal), seal!.Header.Previous.ToByteArray());
        Assert.Equal(2u, seal.Header.Sequence);
    }

    [Fact]
    public void A_changed_measurement_breaks_the_root() =>
        Gen.Int[0, 3].Sample(field =>
        {
            using var key = SigningKey.Create();
            var batch = new BatchSealer(key, 0, default).Seal(Some.Measurements(3), []);
            var changed = batch.Measurements[1];
            var extra = ByteString.CopyFrom(1);
            switch (field)
            {
                case 0: changed.Facts = ByteString.CopyFrom([.. changed.Facts, .. extra]); break;
                case 1: changed.Circumstance = ByteString.CopyFrom([.. changed.Circumstance, .. extra]); break;
                case 2: (changed.FactsSalt, changed.CircumstanceSalt) = (changed.CircumstanceSalt, changed.FactsSalt); break;
                default: (changed.Facts, changed.Circumstance) = (changed.Circumstance, changed.Facts); break;
            }

            Assert.Equal(Refusals.BadRoot, BatchCheck.Check(batch, out _));
        });

    [Fact]
    public void A_seal_by_another_key_is_a_bad_signature()
    {
        using var key = SigningKey.Create();
        using var other = SigningKey.Create();
        var batch = new BatchSealer(key, 0, default).Seal(Some.Measurements(1), []);
        batch.Seal.Signature = ByteString.CopyFrom(other.Sign(SigningContext.Seal, batch.Seal.Statement.Span));

        Assert.Equal(Refusals.BadSignature, BatchCheck.Check(batch, out _));
    }

    [Fact]
    public void A_signature_for_one_purpose_serves_no_other()
    {
        using var key = SigningKey.Create();
        var statement = "statement"u8;
        foreach (var context in Enum.GetValues<SigningContext>())
        {
            foreach (var other in Enum.GetValues<SigningContext>())
                Assert.Equal(context == other, key.PublicKey.Verify(other, statement, key.Sign(context, statement)));
        }
    }

    [Fact]
    public void A_batch_without_or_with_too_many_measurements_is_malformed()
    {
        using var key = SigningKey.Create();
        var batch = new BatchSealer(key, 0, default).Seal(Some.Measurements(2), []);
        batch.Measurements.RemoveAt(0);
        Assert.Equal(Refusals.Malformed, BatchCheck.Check(batch, out _));
        Assert.Equal(Refusals.Malformed, BatchCheck.Check(new Batch(), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchSealer(key, 0, default).Seal(Some.Measurements(201), []));
    }

    [Fact]
    public void Facts_can_be_shown_while_the_circumstance_stays_a_hash()
    {
        using var key = SigningKey.Create();
        var measurements = Some.Measurements(5);
        var batch = new BatchSealer(key, 0, default).Seal(measurements, []);
        Assert.Null(BatchCheck.Check(batch, out var seal));

        var shown = measurements[3];
        var hidden = Leaf.CircumstanceHash(shown.CircumstanceSalt.Span, shown.Circumstance.Span);
        var leaf = Leaf.Hash(Leaf.FactsHash(shown.FactsSalt.Span, shown.Facts.Span), hidden);

        Assert.True(MerkleTree.Verify(leaf, 3, 5, MerkleTree.Path([.. seal!.Leaves], 3), seal.Header.Root.Span));
    }

    [Fact]
    public void Hostile_seals_are_refused_and_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 80]).Sample((statement, signature) =>
        {
            var batch = new Batch
            {
                Seal = new() { Statement = ByteString.CopyFrom(statement), Signature = ByteString.CopyFrom(signature) },
            };
            batch.Measurements.AddRange(Some.Measurements(1));
            Assert.NotNull(BatchCheck.Check(batch, out _));
        });
}
