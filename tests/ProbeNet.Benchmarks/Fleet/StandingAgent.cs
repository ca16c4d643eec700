using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks.Fleet;

/// <summary>An agent whose session stands: its own keys, lists and uplink, over a connection of its own. What it measures is drawn.</summary>
sealed class StandingAgent : IAsyncDisposable
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Random _random;
    readonly StateFile<Enrollment> _enrollment;
    readonly StateFile<UplinkState> _state;
    readonly SessionParts _parts;
    readonly UplinkWorker _worker;

    // A run of this line: milliseconds and bytes.
    readonly (double Pace, double Weight) _line;

    /// <param name="stateKey">One for all: each key is guarded by pages of its own, and a process may not have that many.</param>
    public StandingAgent(string directory, StateKey stateKey, int seed)
    {
        var time = TimeProvider.System;
        _random = new(seed);
        _line = (1200 * Noise(0.6), 40_000 * Noise(0.5));
        var state = new StateDirectory(directory);
        _enrollment = new(state, stateKey, "enrollment", Enrollment.Parser);
        _state = new(state, stateKey, "uplink", UplinkState.Parser);
        var keys = new NetworkKeys(new(state, stateKey, "keys", KeyRing.Parser), stateKey, () => Gateway.None, time);
        var lists = new TestListStore(state, stateKey, _enrollment, time);
        var spool = ChunkSpool.Open(new MemoryDirectory(), new SpoolLimits(), time);
        var journal = new Journal(new MemoryDirectory(), stateKey, spool.Total);
        _parts = new(
            spool, journal, new Sealer(journal, spool, keys, _enrollment, stateKey), keys, lists,
            new RefusedLists(new(state, stateKey, RefusedLists.FileName, ListRefusal.Parser), time), new ListTally(lists), new TaskInbox(), time);
        var identity = new IdentityOptions { StateDirectory = directory };
        var options = new UplinkOptions { Session = new() { Mode = SessionMode.Standing }, Upload = new() { Delay = TimeSpan.Zero } };
        var door = new CollectorDoor(options, identity, time, _random);
        var client = new EnrollmentClient(door, _enrollment, keys, lists, new OwnNetwork(identity), time);
        _worker = new(options, new Contacts(door, client, _enrollment, _state, _parts, _random), _enrollment, _parts, _random, NullLogger<UplinkWorker>.Instance);
    }

    public ByteString PublicKey => _parts.Keys.Current().PublicKey;

    /// <summary>Of the list in force; 0: none.</summary>
    public ulong Version => _parts.Lists.Current?.Version ?? 0;

    /// <summary>Why it did not take the last offer; null where it did.</summary>
    public ListRefusal? Refusal => _parts.Refusals.Last;

    /// <summary>Keeps what joining brings.</summary>
    public void Join(Enrollment joined, Signed certificate)
    {
        _enrollment.Save(joined);
        _parts.Keys.SetCertificate(_parts.Keys.Current(), certificate);
    }

    /// <summary>Returns when its session stands.</summary>
    public async Task ConnectAsync(CancellationToken ct)
    {
        await _worker.StartAsync(ct);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Patience);
        while (_state.Current?.Result != Contacts.Connected)
            await Task.Delay(LookAgain, deadline.Token);
    }

    /// <summary>One run of an input of the list in force.</summary>
    public void Measure()
    {
        if (_parts.Lists.Current is not { } list)
            return;
        var input = list.List.Entries[_random.Next(list.List.Entries.Count)].Input;
        _parts.Tally.Add(
            list, _parts.Keys.Current().Number, input, TimeSpan.FromMilliseconds(_line.Pace * Noise(0.2)), (long)(_line.Weight * Noise(0.2)), _random.NextDouble() < 0.05);
    }

    // Log-normal with median 1.
    double Noise(double sigma) => Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        _worker.Dispose();
        _parts.Journal.Dispose();
        _parts.Spool.Dispose();
    }
}
