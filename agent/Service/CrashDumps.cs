using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ProbeNet.Agent.Service;

/// <summary>
/// Memory holds keys and addresses: a crash must leave none of it on disk. The limit of size alone does not do, for the
/// kernel does not apply it where a program takes the dumps (core(5)).
/// </summary>
static partial class CrashDumps
{
    const int SetDumpable = 4;
    const int CoreSize = 4;

    public static void Refuse()
    {
        if (OperatingSystem.IsLinux())
            RefuseOnLinux();
    }

    // Refused where the system forbids it: what it then does with dumps is its owner's own setting.
    [SupportedOSPlatform("linux")]
    static void RefuseOnLinux()
    {
        _ = SetLimit(CoreSize, [0, 0]);
        _ = Control(SetDumpable, 0, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ReadOnlySpan<nuint> softAndHard);
}
