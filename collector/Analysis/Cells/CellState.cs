namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>What a cell says (contract 2). The order is that of precedence.</summary>
enum CellState
{
    Insufficient,
    Suspected,
    Down,
    Refused,
    Blocked,
    LikelyBlocked,
    Throttled,
    Mixed,
    Ok,
}

/// <summary>The words of the contract, printed alike by API, tables, pages and terminal.</summary>
static class CellStates
{
    public static string Word(this CellState state) => state switch
    {
        CellState.Insufficient => "insufficient",
        CellState.Suspected => "suspected",
        CellState.Down => "down",
        CellState.Refused => "refused",
        CellState.Blocked => "blocked",
        CellState.LikelyBlocked => "likely_blocked",
        CellState.Throttled => "throttled",
        CellState.Mixed => "mixed",
        CellState.Ok => "ok",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static bool TryParse(string word, out CellState state)
    {
        foreach (var candidate in Enum.GetValues<CellState>())
            if (string.Equals(candidate.Word(), word, StringComparison.Ordinal))
            {
                state = candidate;
                return true;
            }
        state = default;
        return false;
    }
}

/// <summary>Why a cell is <see cref="CellState.Insufficient"/> (contract 2).</summary>
static class InsufficientReasons
{
    public const string NoAgents = "no_agents";
    public const string NotOnList = "not_on_list";
    public const string ReferencesFailed = "references_failed";
    public const string NetworkDown = "network_down";
    public const string NoControl = "no_control";
    public const string BelowFloor = "below_floor";
    public const string OneVolunteer = "one_volunteer";
}
