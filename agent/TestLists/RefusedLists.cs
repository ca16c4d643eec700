using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.TestLists;

/// <summary>The last offer that was not taken, for the owner's eyes. `status` reads it beside the running service.</summary>
sealed class RefusedLists(StateFile<ListRefusal> file, TimeProvider time)
{
    public const string FileName = "list.refused";

    /// <summary>Null when the last offer was taken.</summary>
    public ListRefusal? Last => file.Current is { Reason.Length: > 0 } refusal ? refusal : null;

    /// <param name="reason">Null: it was taken.</param>
    public void Note(string list, ulong version, string? reason)
    {
        if (reason is null && Last is null)
            return;
        try
        {
            file.Save(reason is null ? new() : new ListRefusal { List = list, Version = version, Reason = reason, Day = Day.Of(time.GetUtcNow()) });
        }
        catch (IOException)
        {
            // A full disk: the collector learns the reason all the same.
            return;
        }
    }
}
