using System.Diagnostics;

namespace ProbeNet.Testing;

/// <summary>How a server that refuses uid 0 is started by a test that runs as root, or as the only uid of a user namespace.</summary>
sealed record PosixIdentity(string[] Prefix, string? User)
{
    internal static PosixIdentity ForServers()
    {
        if (!Environment.IsPrivilegedProcess)
            return new([], null);
        string[] drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];
        if (Runs([.. drop, "true"]))
            return new(drop, "postgres");
        string[] nested = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"];
        return Runs([.. nested, "true"]) ? new(nested, null) : throw new ServerMissingException("neither a dropped uid nor a user namespace is possible");
    }

    internal void Own(string directory)
    {
        if (User is not null && !Runs(["chown", "-R", $"{User}:", directory]))
            throw new IOException($"Cannot give {directory} to {User}.");
    }

    static bool Runs(string[] command)
    {
        var info = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in command.Skip(1))
            info.ArgumentList.Add(argument);
        using var process = Process.Start(info)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
