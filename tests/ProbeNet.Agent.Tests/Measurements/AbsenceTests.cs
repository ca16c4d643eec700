using Google.Protobuf.Reflection;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Tests.Identity;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.Measurements;

/// <summary>What a month of one key's measurements tells of what its volunteer refused.</summary>
public sealed class AbsenceTests
{
    const int Volunteers = 300;
    const string Refused = "https://refused.test/";

    static readonly ListEntry[] Entries =
    [
        new() { Input = Refused, CategoryCode = "HUMR" },
        .. Enumerable.Range(0, 40).Select(n => new ListEntry { Input = $"https://site{n}.test/", CategoryCode = n % 2 == 0 ? "NEWS" : "HUMR" }),
    ];

    [Fact]
    public void Who_refuses_a_site_never_measures_it_and_who_does_not_leaves_it_out_as_often_as_was_promised()
    {
        var willing = new Consent { Categories = { "NEWS", "HUMR" } };
        var unwilling = new Consent { Categories = { "NEWS", "HUMR" }, Refused = { "refused.test" } };
        var absent = 0;
        for (var seed = 0; seed < Volunteers; seed++)
        {
            Assert.DoesNotContain(Refused, Month(unwilling, seed));
            if (!Month(willing, seed).Contains(Refused))
                absent++;
        }
        // 1 - 0.9 * 0.8 = 0.28 of those who agreed show nothing either; three deviations of 300 draws on both sides.
        Assert.InRange(absent / (double)Volunteers, 0.20, 0.36);

        // So absence makes a refusal at most 1/0.28 times as likely as before: of one in twenty who refuse, one in six or seven seems to.
        var before = 0.05;
        var after = before / (before + (1 - before) * absent / Volunteers);
        Assert.InRange(after, before, 0.21);
    }

    [Fact]
    public void A_category_that_never_comes_is_no_more_certain_to_be_refused()
    {
        var willing = new Consent { Categories = { "NEWS", "HUMR" } };
        var absent = Enumerable.Range(0, Volunteers).Count(seed => !Entries.Where(entry => entry.CategoryCode == "NEWS").Select(entry => entry.Input).Intersect(Month(willing, seed)).Any());
        // A tenth of those who agreed: absence speaks for a refusal by a factor of ten at most, whatever the number of sites.
        Assert.InRange(absent / (double)Volunteers, 0.05, 0.16);
    }

    [Fact]
    public void The_next_key_leaves_out_others()
    {
        using var state = new TemporaryState();
        var leftOut = new LeftOut(state.Key, new());
        Assert.NotEqual(Entries.Where(entry => leftOut.Holds(1, false, entry)), Entries.Where(entry => leftOut.Holds(2, false, entry)));
        Assert.Equal(Entries.Where(entry => leftOut.Holds(1, false, entry)), Entries.Where(entry => leftOut.Holds(1, false, entry)));
        Assert.DoesNotContain(Entries, entry => leftOut.Holds(1, true, entry));
    }

    [Fact]
    public void Nothing_that_is_sent_has_a_field_for_consent()
    {
        string[] words = ["consent", "refus", "categor", "agree", "opt", "covered"];
        // "Refusal" is the collector's; a list's own categories come from it.
        var sent = new[] { AgentMessage.Descriptor, Batch.Descriptor, SealHeader.Descriptor, Facts.Descriptor, Circumstance.Descriptor, Redeem.Descriptor, Certify.Descriptor, Withdrawal.Descriptor };
        var fields = Reachable(sent).SelectMany(message => message.Fields.InDeclarationOrder());
        Assert.DoesNotContain(fields, field => words.Any(word => field.Name.Contains(word, StringComparison.Ordinal)));
    }

    static HashSet<string> Month(Consent consent, int seed)
    {
        using var state = new TemporaryState();
        var time = new FakeTimeProvider(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var options = new ScheduleOptions { Rate = 60 };
        var leftOut = new LeftOut(state.Key, options);
        var schedule = new Schedule(options, new(), time, new Random(seed));
        schedule.Replace(Entries.Where(entry => MeasurementLoop.Covers(consent, entry) && !leftOut.Holds(1, control: false, entry)));
        var measured = new HashSet<string>();
        var idle = false;
        for (var end = time.GetUtcNow() + TimeSpan.FromDays(30); time.GetUtcNow() < end;)
        {
            if (schedule.Take() is { } next)
            {
                measured.Add(next.Input);
                idle = false;
                continue;
            }
            // The rate's gap first; nothing after it means that the round is over.
            time.Advance(idle ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(2));
            idle = true;
        }
        return measured;
    }

    static HashSet<MessageDescriptor> Reachable(IEnumerable<MessageDescriptor> from)
    {
        var found = new HashSet<MessageDescriptor>();
        var left = new Queue<MessageDescriptor>(from);
        while (left.TryDequeue(out var message))
        {
            if (!found.Add(message))
                continue;
            foreach (var field in message.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
                left.Enqueue(field.MessageType);
        }
        return found;
    }
}
