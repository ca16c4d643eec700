namespace ProbeNet.EndToEnd.Tests.Kills;

enum Victim
{
    Agent,
    Collector,
    Broker,
    Database,
}

/// <summary>Who dies in which window. The window of a server is one of the collector's, which holds still meanwhile.</summary>
sealed record Kill(Victim Victim, string Window)
{
    /// <summary>One of each.</summary>
    internal static readonly IReadOnlyList<Kill> All =
    [
        new(Victim.Agent, "journal.half-written"),
        new(Victim.Agent, "journal.before-flush"),
        new(Victim.Agent, "journal.after-flush"),
        new(Victim.Agent, "journal.before-delete"),
        new(Victim.Agent, "spool.half-written"),
        new(Victim.Agent, "spool.before-flush"),
        new(Victim.Agent, "spool.after-flush"),
        new(Victim.Agent, "bookmark.half-written"),
        new(Victim.Agent, "bookmark.before-flush"),
        new(Victim.Agent, "bookmark.after-flush"),
        new(Victim.Collector, "publish.before"),
        new(Victim.Collector, "publish.unconfirmed"),
        new(Victim.Collector, "publish.confirmed"),
        new(Victim.Collector, "commit.before"),
        new(Victim.Collector, "commit.running"),
        new(Victim.Collector, "commit.after"),
        new(Victim.Broker, "publish.unconfirmed"),
        new(Victim.Broker, "commit.after"),
        new(Victim.Database, "commit.before"),
        new(Victim.Database, "commit.running"),
    ];
}
