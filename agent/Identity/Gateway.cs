namespace ProbeNet.Agent.Identity;

/// <summary>
/// What tells one network from another: where its packets leave. Empty strings where the system does not tell.
/// It is hashed under the state key before anything keeps it.
/// </summary>
/// <param name="Interface">The name of the interface.</param>
/// <param name="Address">The gateway, as the system writes it.</param>
/// <param name="Hardware">The gateway's MAC; two homes often share interface and gateway, never this.</param>
readonly record struct Gateway(string Interface, string Address, string Hardware)
{
    public static readonly Gateway None = new("", "", "");
}
