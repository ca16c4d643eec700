namespace ProbeNet.Lab.Interference;

/// <summary>A shutdown: nothing is forwarded any more.</summary>
sealed class LineCut : IAddressInterference
{
    public string FirewallRules => "drop";
}
