using Npgsql;
using ProbeNet.Collector.Store.Embedded;

namespace ProbeNet.Collector.Store;

/// <summary>Which database the configuration means.</summary>
/// <param name="Embedded">Null when ConnectionStrings:Store names a database.</param>
sealed record StoreLocation(string ConnectionString, EmbeddedPostgresOptions? Embedded)
{
    const string Name = "Store";

    /// <param name="stateDirectory">Collector:StateDirectory, where the private server lives when no database is named.</param>
    /// <exception cref="StoreUnavailableException">The configuration names no database that can be had.</exception>
    public static StoreLocation Of(IConfiguration configuration, string stateDirectory)
    {
        if (configuration.GetConnectionString(Name) is { Length: > 0 } named)
            return new(Checked(named), null);
        if (OperatingSystem.IsWindows())
            throw new StoreUnavailableException("On Windows there is no private PostgreSQL. Set ConnectionStrings__Store.");
        var embedded = new EmbeddedPostgresOptions(Path.Combine(Path.GetFullPath(stateDirectory), "store"));
        EmbeddedConnection.EnsurePassword(embedded);
        return new(EmbeddedConnection.String(embedded), embedded);
    }

    static string Checked(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).ConnectionString;
        }
        catch (ArgumentException e)
        {
            throw new StoreUnavailableException($"ConnectionStrings__Store is not a connection string: {e.Message}", e);
        }
    }
}
