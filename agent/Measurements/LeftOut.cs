using System.Buffers.Binary;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// What a key leaves out for as long as it lives, though its volunteer agreed to it: a fifth of all sites and a tenth of all
/// categories. Whoever watches for a month which inputs never come sees no refusal, only this or that. What each round leaves
/// out beside it hides nothing for that long: by chance alone no input is missing from thirty rounds.
/// </summary>
/// <param name="options">A fixed share is for laboratories, which leave nothing out.</param>
sealed class LeftOut(StateKey stateKey, ScheduleOptions options)
{
    public const double Sites = 0.2;
    public const double Categories = 0.1;

    /// <param name="key">Local number of the key: with the next one others are left out.</param>
    /// <param name="control">They hide nothing.</param>
    public bool Holds(ulong key, bool control, ListEntry entry) =>
        !control && options.Share is null
        && (Draw($"category {key} {entry.CategoryCode}") < Categories || Draw($"site {key} {HostOf(entry)}") < Sites);

    static string HostOf(ListEntry entry) => WebMeasurement.TryReadInput(entry.Input, out var url) ? url.IdnHost : entry.Input;

    // Nobody without the state key can tell what is drawn.
    double Draw(string of) => BinaryPrimitives.ReadUInt64BigEndian(stateKey.NameOf("left out " + of)) / (double)ulong.MaxValue;
}
