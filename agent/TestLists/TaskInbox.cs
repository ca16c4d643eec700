namespace ProbeNet.Agent.TestLists;

/// <summary>
/// Where a task from the collector meets whoever measures. A task names an entry of the list in force; consent, rate and
/// budget decide.
/// </summary>
sealed class TaskInbox
{
    /// <summary>Decides at once and runs later. Without it every task is refused.</summary>
    public Func<Protos.V1.Task, bool>? Decide { get; set; }

    /// <returns>True when it will be run.</returns>
    public bool Offer(Protos.V1.Task task) => Decide?.Invoke(task) ?? false;
}
