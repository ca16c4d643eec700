namespace ProbeNet.Lab.Interference;

/// <summary>Both ends get a reset as soon as the ClientHello shows the name.</summary>
sealed class HelloReset(Rule rule) : IStreamInterference
{
    public StreamAction? Judge(StreamName name) => name.Tls && rule.Covers(name.Name) ? StreamAction.Reset : null;
}
