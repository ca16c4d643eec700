using System.Globalization;
using System.Text;

namespace ProbeNet.Agent.Identity;

/// <summary>The volunteer's pause: a flag in the state directory that a running service sees at its next step.</summary>
sealed class Pause(StateDirectory directory, TimeProvider time)
{
    const string FileName = "paused";

    /// <summary>Until when; <see cref="DateTimeOffset.MaxValue"/> until somebody resumes; null when not paused.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            if (directory.TryRead(FileName) is not { } bytes)
                return null;
            // A flag that cannot be read still says that somebody wanted quiet.
            var until = long.TryParse(Encoding.ASCII.GetString(bytes), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
                : DateTimeOffset.MaxValue;
            return until > time.GetUtcNow() ? until : null;
        }
    }

    public bool IsOn => Until is not null;

    /// <param name="until">Null: until somebody resumes.</param>
    /// <exception cref="IOException">The flag could not be written.</exception>
    public void Set(DateTimeOffset? until) =>
        directory.Write(FileName, Encoding.ASCII.GetBytes(until?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? ""));

    public void Clear() => directory.Delete(FileName);
}
