using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ProbeNet.Agent.Service;

/// <summary>
/// A command given by root works as the user whose state it is, so that the service can read what the command wrote.
/// </summary>
static partial class StateOwner
{
    /// <summary>Gives root's rights up for good where the directory is somebody else's. Does nothing otherwise.</summary>
    public static void Become(string stateDirectory)
    {
        if (!OperatingSystem.IsLinux() || GetEffectiveUser() != 0 || !TryGetOwner(stateDirectory, out var user, out var group) || user == 0)
            return;
        // Groups first: without root's rights they could no longer be changed.
        if (SetGroups(0, 0) != 0 || SetGroup(group) != 0 || SetUser(user) != 0)
            throw new CommandFailure($"cannot work as the owner of {stateDirectory} (errno {Marshal.GetLastPInvokeError()}).");
    }

    [SupportedOSPlatform("linux")]
    static unsafe bool TryGetOwner(string path, out uint user, out uint group)
    {
        // struct statx (statx(2)): 256 bytes on every architecture; uid at 20, gid at 24.
        var buffer = stackalloc byte[256];
        var found = StatX(-100, path, 0, 0x18, buffer) == 0;
        user = *(uint*)(buffer + 20);
        group = *(uint*)(buffer + 24);
        return found;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint user);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nuint count, nint groups);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int directory, string path, int flags, uint mask, byte* buffer);
}
