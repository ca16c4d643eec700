using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Store;

/// <summary>What the writer promises, on each edition of the schema.</summary>
public abstract class MeasurementWriterTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task A_row_says_what_its_batch_and_certificate_say()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var batch = key.Next(1, host: "BÜCHER.example");

        Assert.Equal(WriteOutcome.Stored, await store.Writer.WriteAsync(batch, Ct));

        var sent = Batch.Parser.ParseFrom(Sealed.TryDecompress(batch.Batch.Span)!.Memory.Span).Measurements[0];
        var uid = MeasurementUid.Of(TestKey.Noon.ToUnixTimeSeconds(), Leaf.Hash(sent));
        Assert.Equal(
            $"{uid}|KH|64501|2|1|1|\\x010203|\\x040506|kh|7|1|https://BÜCHER.example/0|xn--bcher-kva.example|0.1.0|0|2026-11-20",
            await store.ReadAsync<string>(
                """
                select concat_ws('|', uid, cc, asn, asn_source, access, role, unit, "group", list, list_version, reason, input, target, agent_version, leaf_index, received)
                from measurement where time = '2026-11-20 12:00:00+00'
                """));
        Assert.Equal(sent.ToByteArray(), await store.ReadAsync<byte[]>("select details from measurement"));
        Assert.Equal(batch.SealHash.ToByteArray(), await store.ReadAsync<byte[]>("select batch from measurement"));
    }

    [Fact]
    public async Task What_a_key_measures_after_its_epoch_has_no_network_for_its_home_is_another_unit_by_then()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        key.Certificate.Epoch = Day.EpochOf(Day.Of(TestKey.Noon)) - 1;
        await store.Writer.WriteAsync(key.Next(2), Ct);
        key.Certificate.Epoch++;
        await store.Writer.WriteAsync(key.Next(3), Ct);

        Assert.Equal("0:2 2:3", await store.ReadAsync<string>(
            "select string_agg(asn_source || ':' || n, ' ' order by asn_source) from (select asn_source, count(*) n from measurement group by 1) s"));
    }

    [Fact]
    public async Task Details_are_stored_as_they_came_though_a_parser_would_write_them_otherwise()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        // Field 15 is unknown to us, and 4 stands before 1: neither survives being serialised again in this order.
        var sealedMeasurement = BatchSealer.Wrap(new() { Input = "https://a.example/" }, new() { Time = TestKey.Noon.ToUnixTimeSeconds() });
        byte[] strange =
        [
            0x22, .. Length(sealedMeasurement.CircumstanceSalt), 0x7A, 0x01, 0xFF, 0x0A, .. Length(sealedMeasurement.Facts),
            0x12, .. Length(sealedMeasurement.FactsSalt), 0x1A, .. Length(sealedMeasurement.Circumstance),
        ];
        var batch = new BatchSealer(SigningKey.Create(), 0, default).Seal([sealedMeasurement], []);
        var checkedBatch = key.Check(batch);
        byte[] raw = [0x0A, .. Length(batch.Seal.ToByteString()), 0x12, .. Length(ByteString.CopyFrom(strange))];
        checkedBatch.Batch = ByteString.CopyFrom(Sealed.Compress(raw));

        Assert.Equal(WriteOutcome.Stored, await store.Writer.WriteAsync(checkedBatch, Ct));
        Assert.Equal(strange, await store.ReadAsync<byte[]>("select details from measurement"));

        static byte[] Length(ByteString content) => [(byte)(0x80 | (content.Length & 0x7F)), (byte)(content.Length >> 7), .. content.Span];
    }

    [Fact]
    public async Task The_same_batch_again_changes_nothing()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var batch = key.Next();
        await store.Writer.WriteAsync(batch, Ct);

        Assert.Equal(WriteOutcome.Repeated, await store.Writer.WriteAsync(batch, Ct));

        Assert.Equal(3, await store.CountAsync("measurement"));
        Assert.Equal(1, await store.CountAsync("log_leaf"));
    }

    [Fact]
    public async Task The_same_measurement_in_another_batch_is_stored_once()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var first = Batch.Parser.ParseFrom(Sealed.TryDecompress(key.Next().Batch.Span)!.Memory.Span);
        using var signer = SigningKey.Create();
        var again = key.Check(new BatchSealer(signer, 0, default).Seal([.. first.Measurements], []));
        await store.Writer.WriteAsync(key.Check(first), Ct);

        Assert.Equal(WriteOutcome.Stored, await store.Writer.WriteAsync(again, Ct));

        Assert.Equal(3, await store.CountAsync("measurement"));
        Assert.Equal(2, await store.CountAsync("log_leaf"));
    }

    [Fact]
    public async Task What_comes_later_than_15_days_is_set_aside_and_seen_in_the_view()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        await store.Writer.WriteAsync(key.Next(2, TestKey.Noon.AddDays(-15).AddMinutes(-1)), Ct);
        await store.Writer.WriteAsync(key.Next(1, TestKey.Noon.AddDays(-14)), Ct);
        await store.Writer.WriteAsync(key.Next(1, TestKey.Noon.AddDays(3)), Ct);

        Assert.Equal(1, await store.CountAsync("measurement"));
        Assert.Equal(3, await store.CountAsync("measurement_late"));
        Assert.Equal(4, await store.CountAsync("measurement_all"));
    }

    [Fact]
    public async Task A_certificate_is_stored_once()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        byte[] certificate = [1, 2, 3], other = [4];
        await store.Writer.WriteAsync(key.Next(1, attachments: [certificate, other]), Ct);
        await store.Writer.WriteAsync(key.Next(1, attachments: [certificate]), Ct);

        Assert.Equal(2, await store.CountAsync("blob"));
        Assert.Equal(certificate, await store.ReadAsync<byte[]>("select bytes from blob where hash = $1", SHA256.HashData(certificate)));
    }

    [Fact]
    public async Task A_gap_is_recorded_and_closes_when_the_missing_batch_comes()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var (first, second, third) = (key.Next(), key.Next(), key.Next());
        await store.Writer.WriteAsync(first, Ct);
        await store.Writer.WriteAsync(third, Ct);
        Assert.Equal("false true", await FlagsAsync(store, "gap"));

        await store.Writer.WriteAsync(second, Ct);
        Assert.Equal("false false false", await FlagsAsync(store, "gap"));
        Assert.Equal("false false false", await FlagsAsync(store, "fork"));
    }

    [Fact]
    public async Task Two_histories_of_one_key_are_recorded_as_a_fork_and_both_are_stored()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var first = key.Next();
        var second = key.Next();
        key.ForgetAllButTheFirst(first);
        var otherSecond = key.Next();
        foreach (var batch in new[] { first, second, otherSecond })
            Assert.Equal(WriteOutcome.Stored, await store.Writer.WriteAsync(batch, Ct));

        Assert.Equal("false true true", await FlagsAsync(store, "fork"));
        Assert.Equal(9, await store.CountAsync("measurement"));
    }

    [Fact]
    public async Task The_chain_goes_on_after_the_link_to_its_last_batch_is_deleted()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        await store.Writer.WriteAsync(key.Next(), Ct);
        await store.ReadAsync<long>("with gone as (delete from batch returning 1) select count(*) from gone");
        await store.Writer.WriteAsync(key.Next(), Ct);
        Assert.Equal("false", await FlagsAsync(store, "gap"));
        Assert.Equal("false", await FlagsAsync(store, "fork"));
    }

    [Fact]
    public async Task A_withdrawal_deletes_rows_and_reaches_batches_still_on_their_way()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        using var other = new TestKey();
        var (sent, onItsWay, later) = (key.Next(), key.Next(), key.Next());
        await store.Writer.WriteAsync(sent, Ct);
        await store.Writer.WriteAsync(other.Next(), Ct);
        await store.Writer.WithdrawAsync(new() { Withdrawal = new() { PublicKey = key.PublicKey, ThroughSequence = 2 } }, Ct);
        Assert.Equal(3, await store.CountAsync("measurement"));
        Assert.Equal(3, await store.CountAsync("tombstone"));

        await store.Writer.WriteAsync(onItsWay, Ct);
        Assert.Equal(3, await store.CountAsync("measurement"));
        Assert.Equal(6, await store.CountAsync("tombstone"));

        await store.Writer.WriteAsync(later, Ct);
        Assert.Equal(WriteOutcome.Repeated, await store.Writer.WriteAsync(sent, Ct));
        Assert.Equal(6, await store.CountAsync("measurement"));
        Assert.Equal(4, await store.CountAsync("log_leaf"));
    }

    [Fact]
    public async Task A_withdrawal_since_a_day_leaves_what_was_before_it()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        await store.Writer.WriteAsync(key.Next(1, TestKey.Noon.AddDays(-1)), Ct);
        await store.Writer.WriteAsync(key.Next(1, TestKey.Noon.AddDays(-20)), Ct);
        await store.Writer.WriteAsync(key.Next(1), Ct);
        await store.Writer.WithdrawAsync(
            new() { Withdrawal = new() { PublicKey = key.PublicKey, ThroughSequence = 9, SinceDay = Day.Of(TestKey.Noon) } }, Ct);
        Assert.Equal(2, await store.CountAsync("measurement_all"));
    }

    [Fact]
    public async Task A_poison_batch_is_parked_and_those_beside_it_are_stored()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var poison = key.Next(2, change: (facts, _) => facts.Input = "");
        var torn = key.Next();
        torn.Batch = ByteString.CopyFrom(0xFF, 0xFF, 0xFF, 0xFF);
        CheckedBatch[] all = [key.Next(), poison, torn, key.Next(1, change: (facts, _) => facts.Input = "https://a\0.example/"), key.Next()];

        var outcomes = await Task.WhenAll(all.Select(batch => store.Writer.WriteAsync(batch, Ct)));

        Assert.Equal([WriteOutcome.Stored, WriteOutcome.Parked, WriteOutcome.Parked, WriteOutcome.Parked, WriteOutcome.Stored], outcomes);
        Assert.Equal(6, await store.CountAsync("measurement"));
        Assert.Equal("cannot decompress|measurement 0: no input|measurement 0: zero character in text",
            await store.ReadAsync<string>("select string_agg(reason, '|' order by reason) from parked"));
    }

    [Fact]
    public async Task What_the_database_refuses_is_parked_alone()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        // Longer than an entry of the index on targets may be, and not compressible.
        var random = Convert.ToHexString(RandomNumberGenerator.GetBytes(6000));
        var outcomes = await Task.WhenAll(
            store.Writer.WriteAsync(key.Next(), Ct), store.Writer.WriteAsync(key.Next(1, host: random), Ct), store.Writer.WriteAsync(key.Next(), Ct));
        Assert.Equal([WriteOutcome.Stored, WriteOutcome.Parked, WriteOutcome.Stored], outcomes);
        Assert.Equal(6, await store.CountAsync("measurement"));
    }

    [Fact]
    public async Task A_parked_batch_is_imported_when_it_can_be_stored()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var good = key.Next();
        await store.Writer.ParkAsync(new Queued { Batch = good }.ToByteArray(), "an older version could not", Ct);
        await store.Writer.ParkAsync(new byte[] { 0xFF }, "not a message", Ct);

        Assert.Equal(new(Stored: 1, Parked: 1), await ParkedBatches.ReimportAsync(store.Source, store.Writer, Ct));

        Assert.Equal(3, await store.CountAsync("measurement"));
        Assert.Equal("not a message", await store.ReadAsync<string>("select string_agg(reason, '|') from parked"));
    }

    static Task<string> FlagsAsync(TestStore store, string flag) =>
        store.ReadAsync<string>($"select string_agg({flag}::text, ' ' order by sequence, {flag}) from batch");
}

public sealed class MeasurementWriterOnPostgresTests : MeasurementWriterTests
{
    private protected override Task<TestStore> OpenAsync() => TestStore.OnPostgresAsync();
}

public sealed class MeasurementWriterOnTimescaleTests : MeasurementWriterTests
{
    private protected override Task<TestStore> OpenAsync() => TestStore.OnTimescaleAsync();
}
