using ProbeNet.Collector.Store;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Store;

public sealed class TombstoneTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_withdrawn_leaves_the_leaf_that_the_others_of_its_batch_need(bool onItsWay)
    {
        await using var store = await TestStore.OnPostgresAsync();
        using var key = new TestKey();
        var number = 0;
        // The second and fourth are of the day that is withdrawn.
        var batch = key.Next(5, TestKey.Noon.AddDays(-1), change: (_, circumstance) => circumstance.Time += number++ % 2 * 86_400);
        var withdrawal = new Collector.Queue.CheckedWithdrawal
        {
            Withdrawal = new() { PublicKey = key.PublicKey, SinceDay = LogLeaf.DayNumber(DateOnly.FromDateTime(TestKey.Noon.UtcDateTime)), ThroughSequence = 9 },
        };
        if (onItsWay)
            await store.Writer.WithdrawAsync(withdrawal, Ct);
        await store.Writer.WriteAsync(batch, Ct);
        if (!onItsWay)
            await store.Writer.WithdrawAsync(withdrawal, Ct);

        Assert.Equal((3, 2), (await store.CountAsync("measurement"), await store.CountAsync("tombstone")));
        var rows = new MeasurementQueries(store.Source);
        var uid = await store.ReadAsync<Guid>("select uid from measurement where leaf_index = 2");
        var seal = await new EvidenceQueries(store.Source).SealAsync((await rows.FindAsync(uid, Ct))!.Row, Ct);
        var header = SealHeader.Parser.ParseFrom(Signed.Parser.ParseFrom(seal!.Link!.Seal).Statement);
        byte[][] leaves = [.. Enumerable.Range(0, 5).Select(index => seal.Leaves[index])];
        Assert.Equal(header.Root.ToByteArray(), MerkleTree.Root(leaves));
    }
}
