namespace ProbeNet.Lab.Interference;

/// <summary>From the ClientHello that shows the name on, nothing of the connection arrives any more.</summary>
sealed class HelloSilenced(Rule rule) : IStreamInterference
{
    public StreamAction? Judge(StreamName name) => name.Tls && rule.Covers(name.Name) ? StreamAction.Silence : null;
}
