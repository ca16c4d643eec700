namespace ProbeNet.Collector.Store;

/// <summary>Collector:Retention. Each is an age at which something is deleted or set aside.</summary>
sealed class RetentionOptions
{
    public const string Section = "Collector:Retention";

    /// <summary>Measurements; counted from when they were made.</summary>
    public TimeSpan Measurements { get; set; } = TimeSpan.FromDays(400);

    /// <summary>What links a row to a key.</summary>
    public TimeSpan Links { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Older measurements go to the table for late ones.</summary>
    public TimeSpan Late { get; set; } = TimeSpan.FromDays(15);
}

/// <summary>What the writer puts into one transaction.</summary>
sealed class WriterOptions
{
    public const string Section = "Collector:Writer";

    /// <summary>Rows after which a transaction is begun without waiting for more.</summary>
    public int Rows { get; set; } = 3000;

    /// <summary>Rows of one transaction at most, as long as each batch fits.</summary>
    public int MaximumRows { get; set; } = 5000;

    /// <summary>Transactions that are at the database at the same time.</summary>
    public int Transactions { get; set; } = 2;

    /// <summary>How long a transaction waits for more rows.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(50);
}
