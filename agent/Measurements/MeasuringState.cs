using ProbeNet.Agent.Identity;

namespace ProbeNet.Agent.Measurements;

/// <summary>Why nothing is measured at the moment, for the owner's eyes. `status` reads it beside the running service.</summary>
sealed class MeasuringState(StateFile<Waiting> file, TimeProvider time)
{
    public const string NotEnrolled = "not_enrolled";
    public const string NoConsent = "no_consent";
    public const string NoList = "no_list";
    public const string Paused = "paused";
    public const string StateUnwritable = "state_unwritable";
    public const string Stopped = "stopped";
    public const string BudgetSpent = "budget_spent";

    string? _reason;

    /// <param name="reason">Empty while measuring; one of the constants here or of <see cref="NetworkGuard"/>.</param>
    public void Say(string reason)
    {
        if (reason == _reason)
            return;
        try
        {
            file.Save(new Waiting { Reason = reason, Since = time.GetUtcNow().ToUnixTimeSeconds() });
            _reason = reason;
        }
        catch (IOException)
        {
            // A full disk, or a state that was wiped: said at the next look.
            return;
        }
    }
}
