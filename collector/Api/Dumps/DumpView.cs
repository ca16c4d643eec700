using ProbeNet.Collector.Exchange;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Dumps;

/// <summary>The newest version of a day's files.</summary>
/// <param name="AsOf">The day on which it was made: what came later is in a later version.</param>
/// <param name="Path">Where its files are, each below it by its name; never other bytes.</param>
record DumpView(DateOnly Day, int Version, DateOnly AsOf, string Path, IReadOnlyList<DumpFile> Files)
{
    public static DumpView Of(DumpVersion version) => new(version.Day, version.Version, version.AsOf, PathOf(version), version.Files);

    protected static string PathOf(DumpVersion version) => FormattableString.Invariant($"/api/v1/dumps/{version.Day:yyyy-MM-dd}/{version.Version}");
}

/// <summary>All that a reader of a day's files needs to know.</summary>
/// <param name="Former">Versions before it: their files are not kept, so that no two can be subtracted; by their hashes a copy can still be known.</param>
/// <param name="Attribution">Whom the licences of the data behind it want named.</param>
sealed record DumpManifest(
    string Format, DateOnly Day, int Version, DateOnly AsOf, string Path, IReadOnlyList<DumpFile> Files, IReadOnlyList<FormerDump> Former, int SchemaVersion,
    IReadOnlyDictionary<string, IReadOnlyList<ManifestColumn>> Columns, string Licence, IReadOnlyList<string> Attribution) : DumpView(Day, Version, AsOf, Path, Files)
{
    public const string CurrentFormat = "probenet-dump/1";

    /// <param name="versions">Of one day, newest first.</param>
    public static DumpManifest Of(IReadOnlyList<DumpVersion> versions, string licence, IReadOnlyList<string> attribution) => new(
        CurrentFormat, versions[0].Day, versions[0].Version, versions[0].AsOf, PathOf(versions[0]), versions[0].Files,
        [.. versions.Skip(1).Select(former => new FormerDump(former.Version, former.AsOf, former.Files))], Exports.ExportKind.SchemaVersion, DumpDay.Columns(licence), licence, attribution);
}

sealed record FormerDump(int Version, DateOnly AsOf, IReadOnlyList<DumpFile> Files);
