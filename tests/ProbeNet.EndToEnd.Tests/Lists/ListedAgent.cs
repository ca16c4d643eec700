using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.TestLists;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Intake;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>An agent's keeping of lists on a state directory of its own, and the session that it has with the collector.</summary>
sealed class ListedAgent
{
    const ulong Key = 1;
    const int Runs = 10;
    const string ListFile = "list";
    const string Blocker = "list.previous";

    readonly StateDirectory _directory;
    readonly StateKey _stateKey;
    readonly StateFile<Enrollment> _enrollment;
    readonly OwnClock _clock;
    readonly KeyCertificate _certificate;
    readonly OfferSession _session;
    ListTally _tally;
    ListDesk? _desk;
    AgentReport _report = AgentReport.Empty;

    /// <param name="root">SHA-256 of the root's statement that its invite pinned.</param>
    internal ListedAgent(string directory, KeyCertificate certificate, ByteString root, TimeProvider time)
    {
        (_directory, _certificate, _clock) = (new(directory), certificate, new(time));
        _stateKey = StateKey.OpenOrCreate(_directory);
        _enrollment = new(_directory, _stateKey, "enrollment", Enrollment.Parser);
        Trust(root);
        _session = new(ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)), certificate.PublicKey, certificate.Cc, certificate.Asn);
        Lists = Opened();
        _tally = new(Lists);
    }

    internal TestListStore Lists { get; private set; }

    internal AgentTraits Traits => new(
        ByteString.CopyFrom(KeyId.Of(_certificate.PublicKey.Span)), _certificate.Role == Role.Control, _certificate.Cc, _certificate.Asn, _certificate.Group, "1.0");

    /// <summary>What is wrong with it now; null: nothing.</summary>
    internal Mishap? Wrong { get; private set; }

    internal string Told => $"AS{_certificate.Asn} {(Traits.Own ? "own" : "volunteer")} with {Wrong?.ToString() ?? "nothing"} wrong";

    internal void Strike(Mishap mishap)
    {
        Wrong = mishap;
        switch (mishap)
        {
            case Mishap.Offline:
                _desk = null;
                break;
            case Mishap.ClockAhead:
                _clock.Wrong = TimeSpan.FromDays(400);
                break;
            case Mishap.ClockBehind:
                _clock.Wrong = TimeSpan.FromDays(-400);
                break;
            case Mishap.DiskFull:
                // In the file's place: it cannot be written, whoever runs the test.
                _directory.Delete(Blocker);
                Directory.CreateDirectory(_directory.PathOf(Blocker));
                break;
        }
    }

    /// <summary>The week is over, the clock set, the disk cleared.</summary>
    internal void Mend()
    {
        _clock.Wrong = TimeSpan.Zero;
        if (Wrong == Mishap.DiskFull)
            Directory.Delete(_directory.PathOf(Blocker));
        Wrong = null;
    }

    /// <summary>As if its invite had pinned this root.</summary>
    internal void Trust(ByteString root) => _enrollment.Save(new() { Root = root });

    internal void Restart()
    {
        (Lists, _desk) = (Opened(), null);
        _tally = new(Lists);
    }

    /// <summary>Goes on with the session that stands, or opens one; measures; answers what it is told, unless something is wrong.</summary>
    /// <param name="pace">Milliseconds of a run by version of the list.</param>
    internal void Meet(FleetState fleet, AgentReports reports, Func<ulong, double> pace)
    {
        if (Wrong == Mishap.Offline)
            return;
        _desk ??= Greeted();
        if (_desk.Next(fleet, _clock.Right) is { } message && !Struck(message.Offer))
            Answer(Lists.Offer(message.Offer, _session, out var assigned), assigned);
        if (_desk is null)
            return;
        Measure(pace);
        reports.Note(Traits.KeyId, _report);
    }

    // A killed process answers nothing, and begins again from what lies on its disk.
    bool Struck(ListOffer offer)
    {
        var before = _directory.TryRead(ListFile);
        switch (Wrong)
        {
            case Mishap.KilledBeforeWriting:
                break;
            case Mishap.KilledBetweenItsFiles:
                Lists.Offer(offer, _session, out _);
                PutBack(before);
                File.WriteAllText(_directory.PathOf(ListFile + ".1.new"), "half of a list");
                break;
            case Mishap.KilledBeforeAnswering:
                Lists.Offer(offer, _session, out _);
                break;
            case Mishap.ListDamaged:
                Lists.Offer(offer, _session, out _);
                PutBack(_directory.TryRead(ListFile)?[..^9]);
                break;
            default:
                return false;
        }
        Restart();
        return true;
    }

    void PutBack(byte[]? content)
    {
        if (content is null)
            _directory.Delete(ListFile);
        else
            File.WriteAllBytes(_directory.PathOf(ListFile), content);
    }

    ListDesk Greeted()
    {
        var hello = new Hello
        {
            AgentVersion = "1.0",
            List = Lists.Current?.Name ?? "",
            ListVersion = Lists.Current?.Version ?? 0,
            Standing = true,
            TakesOffers = true,
            RootVersion = Lists.RootVersion,
        };
        _report = AgentReport.Empty with { Version = "1.0", List = hello.List, ListVersion = hello.ListVersion, Standing = true };
        return new(_session.Nonce, _certificate, hello);
    }

    void Answer(string? refusal, Assignment? assigned) => _report = _desk!.Answered(_report, new()
    {
        List = assigned?.List ?? "",
        Version = assigned?.ListVersion ?? 0,
        Applied = refusal is null,
        Reason = refusal ?? "",
        RootVersion = Lists.RootVersion,
    }, _clock.Right);

    void Measure(Func<ulong, double> pace)
    {
        if (Lists.Current is not { } list)
            return;
        for (var run = 0; run < Runs; run++)
            _tally.Add(list, Key, list.List.Entries[0].Input, TimeSpan.FromMilliseconds(pace(list.Version)), 10_000, failed: false);
        var sums = _tally.Of(Key)!;
        _report = _report with { Runs = new(sums.Runs, sums.Milliseconds, sums.Bytes, sums.Common, sums.CommonFailed) };
    }

    TestListStore Opened() => new(_directory, _stateKey, _enrollment, _clock);

    /// <summary>The machine's own clock, right or wrong.</summary>
    sealed class OwnClock(TimeProvider time) : TimeProvider
    {
        internal TimeSpan Wrong { get; set; }

        internal DateTimeOffset Right => time.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Right + Wrong;
    }
}
