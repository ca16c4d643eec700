using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>Which failures of a write lie in what is written, and which in the database's day.</summary>
static class StoreFailures
{
    /// <summary>
    /// True when the same statement will fail for ever: data exception (SQLSTATE class 22), integrity (23) or a limit of
    /// the program such as an index row's size (54). A missing table or right (42) is not: that is repaired outside.
    /// </summary>
    public static bool IsData(PostgresException e) => e.SqlState[..2] is "22" or "23" or "54";
}
