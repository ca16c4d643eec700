using ProbeNet.Agent.Service.Checks;

namespace ProbeNet.Agent.Service.Output;

/// <param name="Status">ok, warning, failed, or unknown: what was not looked at is never ok.</param>
sealed record CheckView(string Name, string Status, string Detail, string? Remedy);

sealed record DoctorView(IReadOnlyList<CheckView> Checks, int Ok, int Warnings, int Failed, int Unknown)
{
    public static DoctorView Of(IReadOnlyList<CheckResult> results)
    {
        int Count(CheckStatus status) => results.Count(result => result.Status == status);
        return new(
            [.. results.Select(result => new CheckView(result.Name, result.Status.ToString().ToLowerInvariant(), result.Detail, result.Remedy.Length > 0 ? result.Remedy : null))],
            Count(CheckStatus.Ok), Count(CheckStatus.Warning), Count(CheckStatus.Failed), Count(CheckStatus.Unknown));
    }
}
