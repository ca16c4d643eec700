using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Spool;
using Xunit;

namespace ProbeNet.Agent.Tests.Spool;

public sealed class ChunkSpoolTests : IDisposable
{
    readonly string _path = Path.Combine(Path.GetTempPath(), "probenet-" + Guid.NewGuid().ToString("N"));
    readonly FakeTimeProvider _time = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    readonly FaultyDirectory _directory;

    public ChunkSpoolTests() => _directory = new(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void A_record_is_there_after_opening_again()
    {
        using (var spool = Open())
            Assert.Equal(AppendResult.Appended, spool.Append(7, 3, [1], [2, 3]));
        using var again = Open();
        var record = Assert.Single(again.Pending());
        Assert.Equal(new(1, 7, 3, 20513), record);
        Assert.Equal([2, 3], again.TryRead(record, out var head)!);
        Assert.Equal([1], head);
        Assert.Equal((3, 3), (again.Total, again.Waiting));
    }

    [Fact]
    public void Records_of_one_key_are_settled_before_older_ones_of_another()
    {
        using (var spool = Open())
        {
            for (var i = 0; i < 6; i++)
                spool.Append((ulong)(i % 2), 10, [], [(byte)i]);
            Assert.True(spool.Settle([.. spool.Pending(1).Select(record => record.Number)], Settlement.Accepted));
        }
        using var again = Open();
        Assert.Equal([1ul, 3ul, 5ul], again.Pending().Select(record => record.Number));
        Assert.Equal((30, 30, 60), (again.Tally.Accepted, again.Waiting, again.Total));
    }

    [Fact]
    public void Chunks_roll_by_size_and_go_when_all_in_them_is_settled()
    {
        using var spool = Open(new() { ChunkBytes = 1000 });
        for (var i = 0; i < 10; i++)
            spool.Append(1, 1, [], new byte[400]);
        Assert.Equal(4, Chunks());
        spool.Settle([4, 5, 6], Settlement.Accepted);
        Assert.Equal(3, Chunks());
        spool.Settle([.. spool.Pending().Select(record => record.Number)], Settlement.Rejected);
        Assert.Equal(0, Chunks());
        Assert.Equal((3, 7), (spool.Tally.Accepted, spool.Tally.Rejected));
    }

    [Fact]
    public void The_last_head_of_a_key_outlives_its_records()
    {
        using (var spool = Open())
        {
            spool.Append(5, 1, [9], [1]);
            spool.Settle([1], Settlement.Accepted);
        }
        using var again = Open();
        Assert.True(again.TryGetLastHead(5, out var head));
        Assert.Equal([9], head);
        Assert.Equal(AppendResult.Appended, again.Append(5, 1, [8], [1]));
        Assert.Equal(2ul, Assert.Single(again.Pending()).Number);
    }

    [Fact]
    public void A_torn_tail_is_cut_off_and_what_stands_before_it_is_whole()
    {
        using (var spool = Open())
        {
            spool.Append(1, 5, [], [1]);
            spool.Append(1, 6, [], [2]);
        }
        var chunk = Directory.GetFiles(_path, "*.chunk").Single();
        using (var file = new FileStream(chunk, FileMode.Open))
            file.SetLength(file.Length - 1);
        using var again = Open();
        Assert.Equal(5, Assert.Single(again.Pending()).Count);
        Assert.Equal(AppendResult.Appended, again.Append(1, 6, [], [2]));
        Assert.Equal(11, again.Waiting);
    }

    [Fact]
    public void A_record_that_the_disk_damaged_is_dropped_and_counted_and_the_rest_read()
    {
        using (var spool = Open())
        {
            for (byte i = 1; i <= 3; i++)
                spool.Append(1, i, [], [i, i, i, i]);
        }
        var chunk = Directory.GetFiles(_path, "*.chunk").Single();
        var bytes = File.ReadAllBytes(chunk);
        bytes[(bytes.Length / 3) + 30] ^= 0xFF;
        File.WriteAllBytes(chunk, bytes);
        using var again = Open();
        Assert.Equal([1, 3], again.Pending().Select(record => record.Count));
        Assert.Equal((2, 6), (again.Tally.DroppedAsDamaged, again.Tally.Settled + again.Waiting));
    }

    [Fact]
    public void A_torn_bookmark_leaves_the_one_before_it()
    {
        using (var spool = Open())
        {
            spool.Append(1, 1, [], [1]);
            spool.Append(1, 1, [], [2]);
            spool.Append(1, 1, [], [3]);
            spool.Settle([1], Settlement.Accepted);
            _directory.KillAfter = 0;
            Assert.Throws<KilledException>(() => spool.Settle([2], Settlement.Accepted));
        }
        _directory.KillAfter = null;
        using var again = Open();
        Assert.Equal([2ul, 3ul], again.Pending().Select(record => record.Number));
        Assert.Equal(1, again.Tally.Accepted);
    }

    [Fact]
    public void What_is_too_old_is_dropped_and_counted()
    {
        using var spool = Open();
        spool.Append(1, 5, [], [1]);
        _time.Advance(TimeSpan.FromDays(10));
        spool.Append(1, 6, [], [1]);
        _time.Advance(TimeSpan.FromDays(5));
        spool.Append(1, 7, [], [1]);
        Assert.Equal((5, 13), (spool.Tally.DroppedForAge, spool.Waiting));
    }

    [Fact]
    public void The_oldest_is_dropped_and_counted_when_there_is_too_much()
    {
        using var spool = Open(new() { ChunkBytes = 4000, Bytes = 20_000 });
        for (var i = 0; i < 50; i++)
            Assert.Equal(AppendResult.Appended, spool.Append(1, 2, [], new byte[1000]));
        Assert.True(spool.Bytes <= 20_000);
        Assert.Equal(100, spool.Waiting + spool.Tally.DroppedForSpace);
        Assert.InRange(spool.Waiting, 24, 40);
        Assert.Equal(50ul, spool.Pending()[^1].Number);
    }

    [Fact]
    public void A_full_disk_takes_acknowledgements_and_loses_nothing()
    {
        using var spool = Open();
        spool.Append(1, 5, [], new byte[100]);
        spool.Append(1, 6, [], new byte[100]);
        _directory.IsFull = true;
        Assert.Equal(AppendResult.DiskFull, spool.Append(1, 7, [], new byte[100]));
        Assert.True(spool.Settle([1], Settlement.Accepted));
        Assert.Equal((5, 6, 11), (spool.Tally.Accepted, spool.Waiting, spool.Total));
        _directory.IsFull = false;
        Assert.Equal(AppendResult.Appended, spool.Append(1, 7, [], new byte[100]));
        using var again = Open();
        Assert.Equal([6, 7], again.Pending().Select(record => record.Count));
    }

    [Fact]
    public void A_look_from_outside_changes_nothing()
    {
        using var spool = Open();
        spool.Append(1, 5, [], [1]);
        spool.Append(1, 6, [], [1]);
        spool.Settle([1], Settlement.Accepted);
        using var look = ChunkSpool.TryOpenReadOnly(new DiskSpoolDirectory(_path, readOnly: true), _time);
        Assert.Equal((5, 6), (look!.Tally.Accepted, look.Waiting));
        spool.Append(1, 7, [], [1]);
        Assert.Equal(13, spool.Waiting);
    }

    ChunkSpool Open(SpoolLimits? limits = null) => ChunkSpool.Open(_directory, limits ?? new(), _time);

    int Chunks() => Directory.GetFiles(_path, "*.chunk").Length;
}
