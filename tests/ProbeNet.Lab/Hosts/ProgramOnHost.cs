using System.Diagnostics;

namespace ProbeNet.Lab.Hosts;

/// <summary>Programs as they run on the lab's hosts: trusting the lab's root, writing to a file.</summary>
static class ProgramOnHost
{
    public static Process Start(Host host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string output) =>
        Start(host, new ProcessStartInfo("sh") { UseShellExecute = false }, ">\"$0\" 2>&1 </dev/null", command, environment, output);

    /// <summary>Only complaints go to the file: the caller writes to it and reads what it says.</summary>
    public static Process StartTalking(Host host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string complaints) =>
        Start(host, new ProcessStartInfo("sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true }, "2>\"$0\"", command, environment, complaints);

    static Process Start(
        Host host, ProcessStartInfo start, string redirections, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string file)
    {
        foreach (var argument in (string[])["-c", $"exec \"$@\" {redirections}", file, .. command])
            start.ArgumentList.Add(argument);
        start.Environment["SSL_CERT_FILE"] = host.Trusted ?? Laboratory.RootCertificate;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return host.Start(start);
    }
}
