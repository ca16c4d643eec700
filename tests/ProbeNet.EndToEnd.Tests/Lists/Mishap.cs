namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>What goes wrong on one agent's machine while a release spreads.</summary>
enum Mishap
{
    /// <summary>The offer has come; nothing of it was written.</summary>
    KilledBeforeWriting,

    /// <summary>The list before stands aside already, the new one is not there yet.</summary>
    KilledBetweenItsFiles,

    /// <summary>It has the list, and the collector does not know.</summary>
    KilledBeforeAnswering,

    /// <summary>What was written last cannot be read.</summary>
    ListDamaged,

    /// <summary>For a week.</summary>
    Offline,

    /// <summary>By more than a year, in a session that stands.</summary>
    ClockAhead,

    /// <summary>By more than a year, in a session that stands.</summary>
    ClockBehind,

    DiskFull,
}
