namespace ProbeNet.Collector.Api;

/// <summary>How a measurement's network is known (contract 4), as answers print it.</summary>
static class AsnSources
{
    public static string Word(Protos.V1.AsnSource source) => source switch
    {
        Protos.V1.AsnSource.Bound => "bound",
        Protos.V1.AsnSource.Agent => "agent",
        _ => "unknown",
    };
}
