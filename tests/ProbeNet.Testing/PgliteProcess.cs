using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace ProbeNet.Testing;

/// <summary>
/// TimescaleDB as far as a WebAssembly build goes: one backend, no background jobs. For schema and queries, not for concurrency.
/// </summary>
public sealed partial class PgliteProcess : IAsyncDisposable
{
    static readonly Lazy<Task<PgliteProcess>> SharedServer = new(StartAsync);

    static int _schemas;

    readonly SupervisedProcess _process;
    readonly int _port;

    PgliteProcess(SupervisedProcess process, int port) => (_process, _port) = (process, port);

    /// <summary>One server for all tests of this process; each takes a schema of its own.</summary>
    public static Task<PgliteProcess> SharedAsync() => SharedServer.Value;

    /// <exception cref="ServerMissingException">tests/install has not run.</exception>
    public static async Task<PgliteProcess> StartAsync()
    {
        if (NpmFolder.Of("timescale") is not { } folder)
            throw new ServerMissingException("TimescaleDB for tests is not installed (tests/install)");
        var process = new SupervisedProcess(Path.Combine(Path.GetTempPath(), "probenet-none"), "KILL", ["node", Path.Combine(folder, "server.mjs")]);
        await Eventually.TrueAsync("TimescaleDB listens", () =>
            process.HasEnded ? throw new InvalidOperationException($"TimescaleDB ended: {process.Output}") : Listening().IsMatch(process.Output),
            TimeSpan.FromSeconds(120));
        return new(process, int.Parse(Listening().Match(process.Output).Groups["port"].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>An empty schema, first on the search path of whoever connects with the string.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateSchemaAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _schemas)}";
        await using var connection = new NpgsqlConnection(ConnectionStringOf("public"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create schema {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionStringOf($"{name},public");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // A reset would reach into what all sessions share.
    string ConnectionStringOf(string searchPath) =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Search Path={searchPath};SSL Mode=Disable;"
        + "GSS Encryption Mode=Disable;Maximum Pool Size=5;No Reset On Close=true;Timeout=60;Command Timeout=120";

    [GeneratedRegex(@"listening (?<port>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
