namespace ProbeNet.Benchmarks;

/// <summary>What a run does. Measured figures hold for the machine they were taken on, with what else ran there.</summary>
sealed record BenchmarkOptions
{
    public const int MostDays = 30;

    static readonly string[] Every = ["matrix", "view", "mix"];

    /// <summary>"rate", "matrix", "reads", "reanalyze" or "fleet".</summary>
    public string What { get; init; } = "rate";

    /// <summary>RabbitMQ and a PostgreSQL beside the collector; otherwise the collector's embedded default.</summary>
    public bool Broker { get; init; }

    /// <summary>Measurements that agents made in the lab, 30 % failing; otherwise about 1.2 KB each.</summary>
    public bool Realistic { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Measurements a second that are prepared; they are sent as fast as they are taken. More than two cores take, so that a run lasts its time.</summary>
    public int Rate { get; init; } = 24_000;

    /// <summary>They are sent at that rate and not faster; what is measured is how soon they are in their cells.</summary>
    public bool Paced { get; init; }

    public int Streams { get; init; } = 8;

    /// <summary>Volunteers' agents with standing sessions.</summary>
    public int Agents { get; init; } = 10_000;

    /// <summary>Of measurements that are judged again; memory should not grow with them.</summary>
    public int Days { get; init; } = MostDays;

    /// <summary>Roles of the collector under test.</summary>
    public string Roles { get; init; } = "intake,writer,analysis,web";

    /// <summary>Of "reads": a PostgreSQL database that is filled once and read again; null for one of its own.</summary>
    public string? Store { get; init; }

    /// <summary>Of "reads": all of them, or some.</summary>
    public IReadOnlyList<string> Parts { get; init; } = Every;

    public static BenchmarkOptions? Parse(IReadOnlyList<string> args)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var next = i + 1 < args.Count ? args[i + 1] : "";
            switch (args[i])
            {
                case "rate" or "matrix" or "reads" or "reanalyze" or "fleet":
                    options = options with { What = args[i] };
                    break;
                case "--broker":
                    options = options with { Broker = true };
                    break;
                case "--replay":
                    options = options with { Realistic = true };
                    break;
                case "--paced":
                    options = options with { Paced = true };
                    break;
                case "--duration" when int.TryParse(next, out var seconds) && seconds > 0:
                    options = options with { Duration = TimeSpan.FromSeconds(seconds) };
                    i++;
                    break;
                case "--rate" when int.TryParse(next, out var rate) && rate > 0:
                    options = options with { Rate = rate };
                    i++;
                    break;
                case "--days" when int.TryParse(next, out var days) && days is > 0 and <= MostDays:
                    options = options with { Days = days };
                    i++;
                    break;
                case "--streams" when int.TryParse(next, out var streams) && streams is > 0 and <= 64:
                    options = options with { Streams = streams };
                    i++;
                    break;
                case "--agents" when int.TryParse(next, out var agents) && agents is >= 300 and <= 15_000:
                    options = options with { Agents = agents };
                    i++;
                    break;
                case "--store" when next.Length > 0:
                    options = options with { Store = next };
                    i++;
                    break;
                case "--parts" when next.Split(',').All(part => Every.Contains(part)):
                    options = options with { Parts = next.Split(',') };
                    i++;
                    break;
                case "--roles" when next.Length > 0:
                    options = options with { Roles = next };
                    i++;
                    break;
                default:
                    return null;
            }
        }
        return options;
    }
}
