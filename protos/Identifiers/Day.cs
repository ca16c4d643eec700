namespace ProbeNet.Protos.Identifiers;

/// <summary>A UTC day as the wire has it: days since 1970-01-01.</summary>
public static class Day
{
    const int SecondsPerDay = 86_400;

    /// <summary>Days of an epoch: how long a unit and a key last (contract 2).</summary>
    public const int PerEpoch = 30;

    public static uint Of(DateTimeOffset time) => (uint)(time.ToUnixTimeSeconds() / SecondsPerDay);

    public static uint EpochOf(uint day) => day / PerEpoch;

    public static DateOnly ToDate(uint day) => DateOnly.FromDateTime(DateTimeOffset.UnixEpoch.UtcDateTime).AddDays((int)day);
}
