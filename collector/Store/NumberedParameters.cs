using Npgsql;

namespace ProbeNet.Collector.Store;

static class NumberedParameters
{
    /// <param name="values">In the order of $1, $2 …</param>
    public static NpgsqlCommand Command(this NpgsqlDataSource store, string sql, params object?[] values)
    {
        var command = store.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }

    /// <inheritdoc cref="Command(NpgsqlDataSource, string, object?[])"/>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }

    /// <inheritdoc cref="Command(NpgsqlDataSource, string, object?[])"/>
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        batch.BatchCommands.Add(command);
        return command;
    }
}
