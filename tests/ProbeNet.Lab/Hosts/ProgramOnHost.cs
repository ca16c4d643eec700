using System.Diagnostics;

namespace ProbeNet.Lab.Hosts;

/// <summary>Programs as they run on the lab's hosts: trusting the lab's root, writing to a file.</summary>
static class ProgramOnHost
{
    public static Process Start(Host host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string output)
    {
        var start = new ProcessStartInfo("sh");
        foreach (var argument in (string[])["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", output, .. command])
            start.ArgumentList.Add(argument);
        start.Environment["SSL_CERT_FILE"] = host.Trusted ?? Laboratory.RootCertificate;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return host.Start(start);
    }
}
