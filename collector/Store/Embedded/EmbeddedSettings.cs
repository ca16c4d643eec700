namespace ProbeNet.Collector.Store.Embedded;

static class EmbeddedSettings
{
    /// <summary>Given on the command line, so that a new version of the collector brings its own.</summary>
    internal static readonly IReadOnlyList<string> All =
    [
        "listen_addresses=",
        "unix_socket_directories=../run",
        "unix_socket_permissions=0700",
        "port=5432",
        "max_connections=60",
        "shared_buffers=128MB",
        "maintenance_work_mem=128MB",
        "max_wal_size=2GB",
        "checkpoint_timeout=15min",
        "wal_compression=on",
        "synchronous_commit=on",
        "jit=off",
        "timezone=UTC",
        // Seven files by weekday, each written over after a week.
        "logging_collector=on",
        "log_filename=%a.log",
        "log_truncate_on_rotation=on",
        "log_rotation_age=1d",
        "log_min_messages=warning",
        // Statements carry what volunteers measured; errors are logged without them.
        "log_min_error_statement=panic",
    ];
}
