using Npgsql;
using ProbeNet.Collector.Service.Commands;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Checks;

/// <summary>The database and what has piled up in it. Nothing is changed.</summary>
static class StoreChecks
{
    const int ManyDays = 5000;
    const int FewestControls = 2;
    const int ControlDaysBack = 2;

    public static async Task<IReadOnlyList<Check>> AllAsync(Surroundings surroundings, CancellationToken ct)
    {
        var checks = new List<Check>();
        try
        {
            await using var server = await StoreServer.StartAsync(StoreCommands.Location(surroundings), beside: true, surroundings.Time, StoreCommands.Silent, ct);
            var version = await Migrator.VersionAsync(server.Source, ct);
            checks.Add(Check.Ok("database", $"It answers ({(version is { } known ? StoreCommands.Name(known.Edition) : "empty")})."));
            checks.Add(Schema(version));
            if (version?.Version == Migrator.ProgramVersion)
            {
                checks.Add(await ParkedAsync(server.Source, ct));
                checks.Add(await DirtyAsync(server.Source, ct));
                checks.Add(await ListAsync(server.Source, surroundings.Time, ct));
                checks.Add(await ControlsAsync(server.Source, surroundings.Time, ct));
                checks.Add(await LogAsync(server.Source, surroundings.Time, ct));
                checks.Add(await BaselinesAsync(server.Source, ct));
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or NpgsqlException)
        {
            checks.Add(Check.Fail("database", Failures.Describe(e) ?? e.Message, "Start the database or correct ConnectionStrings__Store."));
        }
        return checks;
    }

    static Check Schema((int Version, StoreEdition Edition)? found) => found switch
    {
        null => Check.Warn("schema", "The database is empty.", "serve and migrate make the schema."),
        { } schema when schema.Version > Migrator.ProgramVersion =>
            Check.Fail("schema", $"It is {schema.Version}, this program knows {Migrator.ProgramVersion}.", "Run the newer version of probenet-collector."),
        { } schema when schema.Version < Migrator.ProgramVersion =>
            Check.Warn("schema", $"It is {schema.Version}, this program brings {Migrator.ProgramVersion}.", "Run migrate, or start serve."),
        { } schema => Check.Ok("schema", $"It is {schema.Version}, as this program's."),
    };

    static async Task<Check> ParkedAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var parked = await CountAsync(source, "select count(*) from parked", ct);
        return parked == 0
            ? Check.Ok("parked batches", "None.")
            : Check.Warn("parked batches", $"{parked} batches could not be stored.", "serve tries them again whenever it starts: a newer version may be able to.");
    }

    static async Task<Check> DirtyAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var dirty = await CountAsync(source, "select count(*) from dirty", ct);
        return dirty < ManyDays
            ? Check.Ok("analysis", $"{dirty} days of targets wait to be computed.")
            : Check.Warn("analysis", $"{dirty} days of targets wait to be computed.", "See that a serve with the role analysis runs and is not short of CPU.");
    }

    static async Task<Check> ListAsync(NpgsqlDataSource source, TimeProvider time, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select list, version, expires from list_release order by released desc, version desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return Check.Warn("test list", "No list is released: agents have nothing to measure.", "list import FILE --name N, then list release N.");
        var (list, version, expires) = (reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateOnly>(2));
        return expires > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)
            ? Check.Ok("test list", $"{list} {version} is in force until {expires:yyyy-MM-dd}.")
            : Check.Fail("test list", $"{list} {version} expired on {expires:yyyy-MM-dd}.", "Release it again: list release.");
    }

    static async Task<Check> ControlsAsync(NpgsqlDataSource source, TimeProvider time, CancellationToken ct)
    {
        const string remedy = "invite create --role control, for a machine in an uncensored network of its own.";
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var networks = (await new ControlDays(source).HealthAsync(today.AddDays(1 - ControlDaysBack), today.AddDays(1), ct)).GroupBy(day => day.Network, StringComparer.Ordinal).ToArray();
        string[] poor = [.. networks.Where(network => network.Any(day => !day.IsHealthy)).Select(network => network.Key)];
        var sound = networks.Length - poor.Length;
        return sound < FewestControls
            ? Check.Warn("controls", $"Controls in {sound} networks work: with fewer than two, nothing that fails proves anything.", remedy)
            : poor.Length > 0
                ? Check.Warn("controls", $"Controls in {sound} networks work; {string.Join(", ", poor)}: references fail there, or it says otherwise than the others.", "See /api/v1/controls: is the control's line down, or is it filtered itself?")
                : Check.Ok("controls", $"Controls in {sound} networks measured in the last two days and agree.");
    }

    static async Task<Check> LogAsync(NpgsqlDataSource source, TimeProvider time, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select max(day) from log_leaf");
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return await command.ExecuteScalarAsync(ct) switch
        {
            DateOnly last when last > today =>
                Check.Fail("log", $"The last batch is of {last:yyyy-MM-dd}: the clock went back.", "Set the clock, best by NTP."),
            DateOnly last when last < today.AddDays(-2) =>
                Check.Warn("log", $"The last batch came on {last:yyyy-MM-dd}.", "See agents list: volunteers may be cut off, or the address may have changed."),
            DateOnly last => Check.Ok("log", $"The last batch came on {last:yyyy-MM-dd}."),
            _ => Check.Ok("log", "No batch has come yet."),
        };
    }

    static async Task<Check> BaselinesAsync(NpgsqlDataSource source, CancellationToken ct) => await MoveBaselines.ReadAsync(source, ct) switch
    {
        { Fault: { } fault } => Check.Fail("baselines", $"Of moves, {fault}: no moves are told.", "Restore a backup of before it was altered."),
        var chain => Check.Ok("baselines", $"{chain.Baselines.Count} frozen baselines of moves hold."),
    };

    static async Task<long> CountAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
