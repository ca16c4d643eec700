using CsCheck;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.Tests.Identity;
using ProbeNet.Agent.Tests.Spool;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Sealing;

/// <summary>Whatever happens in whatever order, and wherever the process is killed: every produced measurement is somewhere, once.</summary>
public sealed class AccountingTests
{
    enum Deed { Append, AppendElsewhere, SealAll, SealFull, Accept, Reject, AcceptNewest, FillDisk, EmptyDisk, Kill, Age }

    static readonly Gen<(Deed Deed, int Number)> GenDeed = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const(Deed.Append)), (2, Gen.Const(Deed.AppendElsewhere)), (3, Gen.Const(Deed.SealAll)), (2, Gen.Const(Deed.SealFull)),
            (3, Gen.Const(Deed.Accept)), (1, Gen.Const(Deed.Reject)), (2, Gen.Const(Deed.AcceptNewest)), (1, Gen.Const(Deed.FillDisk)),
            (2, Gen.Const(Deed.EmptyDisk)), (4, Gen.Const(Deed.Kill)), (1, Gen.Const(Deed.Age))),
        Gen.Int[0, 11]);

    [Fact]
    public Task Accepted_rejected_dropped_and_waiting_make_produced_whatever_happens() =>
        GenDeed.List[1, 40].SampleAsync(async deeds =>
        {
            using var world = new World();
            foreach (var (deed, number) in deeds)
                await world.DoAsync(deed, number);
            await world.CheckAllAsync();
        }, iter: 40);

    /// <summary>An agent, the file outside it that counts, and a collector that remembers all it took.</summary>
    sealed class World : IDisposable
    {
        readonly TemporaryState _state = new();
        readonly DecryptionKey _collector = DecryptionKey.Create();
        readonly FaultyDirectory _spoolDirectory;
        readonly FaultyDirectory _journalDirectory;
        readonly string _producedPath;
        readonly List<Batch> _delivered = [];
        readonly HashSet<string> _returned = [];
        ProducedFile _produced = null!;
        ChunkSpool _spool = null!;
        Journal _journal = null!;
        Sealer _sealer = null!;
        int _input;

        public World()
        {
            _state.Join(_collector);
            _spoolDirectory = new(_state.Directory.PathOf("spool"));
            _journalDirectory = new(_state.Directory.PathOf("journal"));
            _producedPath = _state.Directory.PathOf("produced");
            Start();
        }

        public async Task DoAsync(Deed deed, int number)
        {
            try
            {
                await TryDoAsync(deed, number);
            }
            catch (KilledException)
            {
                Restart();
            }
            Check();
        }

        public async Task CheckAllAsync()
        {
            await DoAsync(Deed.EmptyDisk, 0);
            Restart();
            _sealer.SealAll();
            Deliver(Settlement.Accepted, newest: false, int.MaxValue);
            Check();
            Assert.Equal(0, _spool.Waiting);
            var produced = File.ReadAllLines(_producedPath).ToHashSet();
            Assert.Equal(_journal.Produced, produced.Count);
            Assert.Superset(_returned, produced);
            var delivered = _delivered.SelectMany(batch => batch.Measurements).Select(UidOf).ToHashSet();
            Assert.Subset(produced, delivered);
            // A batch whose receipt was lost may be dropped for age later: the collector has it all the same.
            Assert.InRange(delivered.Count, produced.Count - _spool.Tally.Dropped, produced.Count);
            CheckChains();
        }

        public void Dispose()
        {
            Stop();
            _collector.Dispose();
            _state.Dispose();
        }

        async Task TryDoAsync(Deed deed, int number)
        {
            switch (deed)
            {
                case Deed.Append or Deed.AppendElsewhere:
                    _state.Gateway = new("eth0", deed == Deed.Append ? "192.0.2.1" : "198.51.100.1", "");
                    for (var i = 0; i <= number * 4; i++)
                        await AppendAsync();
                    break;
                case Deed.SealAll:
                    _sealer.SealAll();
                    break;
                case Deed.SealFull:
                    _sealer.SealFull();
                    break;
                case Deed.Accept or Deed.Reject or Deed.AcceptNewest:
                    Deliver(deed == Deed.Reject ? Settlement.Rejected : Settlement.Accepted, deed == Deed.AcceptNewest, number);
                    break;
                case Deed.FillDisk or Deed.EmptyDisk:
                    _spoolDirectory.IsFull = _journalDirectory.IsFull = deed == Deed.FillDisk;
                    break;
                case Deed.Kill:
                    _spoolDirectory.KillAfter = _journalDirectory.KillAfter = number;
                    for (var i = 0; i < 3; i++)
                        await AppendAsync();
                    _sealer.SealAll();
                    Deliver(Settlement.Accepted, newest: false, 2);
                    throw new KilledException();
                case Deed.Age:
                    ((Microsoft.Extensions.Time.Testing.FakeTimeProvider)_state.Time).Advance(TimeSpan.FromDays(number));
                    _spool.DropExpired();
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(deed), deed, null);
            }
        }

        async Task AppendAsync()
        {
            var facts = TemporaryState.FactsOf($"https://{_input++}.example/");
            var before = _journal.Produced;
            var result = await _journal.AppendAsync(_state.Keys.Current(), facts, _state.Now(), [], TestContext.Current.CancellationToken);
            Assert.Equal(before + (result == AppendResult.Appended ? 1 : 0), _journal.Produced);
            if (result == AppendResult.Appended)
                _returned.Add(UidOf(_journal.TryRead(_journal.Produced)!.Measurement));
        }

        // The collector keeps the batch first; the kill may come before the agent has the receipt.
        void Deliver(Settlement settlement, bool newest, int count)
        {
            var pending = newest ? _spool.Pending().Reverse() : _spool.Pending();
            foreach (var record in pending.Take(count).ToArray())
            {
                var envelope = Envelope.Parser.ParseFrom(_spool.TryRead(record, out _)!);
                var batch = Batch.Parser.ParseFrom(Sealed.TryDecompress(Sealed.TryOpen(envelope, _collector)!)!.Memory.Span);
                Assert.Null(BatchCheck.Check(batch, out _));
                Assert.Equal(record.Count, batch.Measurements.Count);
                _delivered.Add(batch);
                _ = _spool.Settle([record.Number], settlement);
            }
        }

        void Check()
        {
            var status = SpoolStatus.Of(_journal, _spool);
            Assert.Equal(status.Produced, _spool.Tally.Settled + _spool.Waiting + _journal.Pending.Count);
            Assert.Equal(status.Produced, status.Tally.Accepted + status.Tally.Rejected + status.Tally.Dropped + status.Waiting);
            Assert.Equal(0, status.Tally.DroppedAsDamaged);
        }

        // One seal for one number of one key: a fork would be two.
        void CheckChains()
        {
            foreach (var chain in _delivered.Select(batch => batch.Seal).Distinct().GroupBy(seal => SealHeader.Parser.ParseFrom(seal.Statement).PublicKey))
            {
                var headers = chain.Select(seal => SealHeader.Parser.ParseFrom(seal.Statement)).ToList();
                Assert.Equal(headers.Count, headers.Select(header => header.Sequence).Distinct().Count());
            }
        }

        void Restart()
        {
            _spoolDirectory.KillAfter = _journalDirectory.KillAfter = null;
            var wasFull = _spoolDirectory.IsFull;
            _spoolDirectory.IsFull = _journalDirectory.IsFull = false;
            Stop();
            Start();
            _spoolDirectory.IsFull = _journalDirectory.IsFull = wasFull;
        }

        void Start()
        {
            _spool = ChunkSpool.Open(_spoolDirectory, new() { ChunkBytes = 40_000 }, _state.Time);
            _produced = new(_producedPath);
            _journal = new(_journalDirectory, _state.Key, _spool.Total, _produced);
            _sealer = _state.SealerOf(_journal, _spool);
        }

        void Stop()
        {
            _journal.Dispose();
            _spool.Dispose();
            _produced.Dispose();
        }

        static string UidOf(SealedMeasurement measurement) =>
            MeasurementUid.Of(Circumstance.Parser.ParseFrom(measurement.Circumstance).Time, Leaf.Hash(measurement)).ToString();
    }
}
