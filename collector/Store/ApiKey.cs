namespace ProbeNet.Collector.Store;

/// <summary>What a key opens: rows and evidence; the fleet's figures besides.</summary>
enum ApiRole
{
    Analyst,
    Operator,
}

static class ApiRoles
{
    public static string Word(this ApiRole role) => role switch
    {
        ApiRole.Analyst => "analyst",
        ApiRole.Operator => "operator",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    public static bool TryParse(string? word, out ApiRole role)
    {
        role = word == "operator" ? ApiRole.Operator : ApiRole.Analyst;
        return word is "analyst" or "operator";
    }
}

/// <param name="Id">How lists and the access log name the key; it opens nothing.</param>
sealed record ApiKey(string Id, ApiRole Role, string Name, DateOnly Created, DateOnly? Revoked);
