using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ProbeNet.Lab.Hosts;

/// <summary>
/// The lab runs in its own process and mount namespace (and user namespace where the caller is not root), under a process
/// that dies with its parent. When any of them is killed the kernel ends all the rest, and every file was on a tmpfs of that
/// mount namespace: there is nothing to clean up and nobody who could forget it.
/// </summary>
static class Isolation
{
    /// <summary>Set where a lab runs; without it a lab within a lab is one of its own.</summary>
    public const string Inside = "PROBENET_LAB_INSIDE";

    /// <summary>All files of the lab.</summary>
    public static string Directory => "/run/probenet-lab";

    public static bool Entered => Environment.GetEnvironmentVariable(Inside) is not null;

    /// <summary>Starts this program again inside and waits for it. Called on the main thread, whose end would end the child.</summary>
    public static int RunInside(string[] arguments)
    {
        Native.DieWithParent();
        var start = new ProcessStartInfo("setpriv");
        string[] wrapper = ["--pdeathsig", "KILL", "unshare", .. Environment.IsPrivilegedProcess ? (string[])[] : ["--user", "--map-root-user"],
            "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--propagation", "private", "sh", "-c", Prepare, "sh"];
        foreach (var argument in wrapper.Concat(Self()).Concat(arguments))
            start.ArgumentList.Add(argument);
        start.Environment[Inside] = "1";
        // An ordinary user's path has no nft and no ip.
        start.Environment["PATH"] = start.Environment["PATH"] + ":/usr/sbin:/sbin";
        // Without it a killed .NET process leaves its diagnostics socket behind; with it that socket is on our tmpfs.
        start.Environment["TMPDIR"] = Directory + "/tmp";
        using var child = Process.Start(start) ?? throw new InvalidOperationException("setpriv did not start");
        var asked = 0;
        void End(PosixSignalContext context, int number)
        {
            context.Cancel = true;
            Interlocked.CompareExchange(ref asked, number, 0);
            Native.Kill(child.Id, 9);
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, 2));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, 15));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => End(context, 1));
        child.WaitForExit();
        // What a shell expects of a program that was asked to end; the kill inside is nobody's business.
        return asked == 0 ? child.ExitCode : 128 + asked;
    }

    /// <summary>The command line that runs this very program.</summary>
    public static string[] Self()
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, typeof(Isolation).Assembly.Location] : [program];
    }

    /// <summary>The shell stays as the namespace's first process: it reaps what daemons leave.</summary>
    static string Prepare => $"mount -t tmpfs -o mode=755 lab /run && mkdir -p -m 755 {Directory} && mkdir -m 1777 {Directory}/tmp && \"$@\"; exit $?";
}

