using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProbeNet.Lab.Hosts;

/// <summary>
/// A machine of the lab: a network namespace held by one thread and one descriptor of this process, so that it has no
/// name anywhere and ends with the process however that ends.
/// </summary>
/// <remarks>
/// A thread that entered a network cannot come back when the original belongs to another user namespace; therefore each
/// host has a thread for good, and whatever must begin inside (a socket, a child process) is made on it. A socket stays in
/// the network it was made in, whichever thread uses it afterwards.
/// </remarks>
sealed class Host : IDisposable
{
    readonly BlockingCollection<Action> _work = [];
    readonly int _descriptor;
    readonly StringBuilder _cables = new();
    readonly StringBuilder _plan = new();
    readonly List<(string From, string To)> _bound = [];

    public Host(string name)
    {
        Name = name;
        var opened = new TaskCompletionSource<int>();
        new Thread(() => Loop(opened)) { IsBackground = true, Name = name }.Start();
        _descriptor = opened.Task.GetAwaiter().GetResult();
        Ip("link set lo up\n");
        // Addresses are unique by plan: nobody has to wait until that has been checked.
        Sysctl("net.ipv6.conf.default.accept_dad", "0");
    }

    public string Name { get; }

    /// <summary>A path that iproute2 takes for a network namespace.</summary>
    public string Network => $"/proc/{Environment.ProcessId}/fd/{_descriptor}";

    /// <summary>Runs <paramref name="action"/> with this host's network; it must not await.</summary>
    public T Inside<T>(Func<T> action) => InsideAsync(action).GetAwaiter().GetResult();

    /// <summary>The same for who serves many: nobody's thread stands still meanwhile.</summary>
    public Task<T> InsideAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(action());
            }
#pragma warning disable CA1031 // Carried over to the caller's thread.
            catch (Exception failure)
            {
                done.SetException(failure);
            }
#pragma warning restore CA1031
        });
        return done.Task;
    }

    /// <summary>With room for some thousands of datagrams: a machine that is busy must not look like a bad line.</summary>
    public Socket Udp(IPEndPoint at) => Inside(() =>
    {
        var socket = Bound(SocketType.Dgram, ProtocolType.Udp, at);
        Native.WidenReceiving((int)socket.Handle);
        return socket;
    });

    /// <summary>At any port, for one question.</summary>
    public Task<Socket> UdpAsync() => InsideAsync(() => Bound(SocketType.Dgram, ProtocolType.Udp, new(IPAddress.Any, 0)));

    public Socket Tcp(AddressFamily family = AddressFamily.InterNetwork) => Inside(() => NewTcp(family));

    public Task<Socket> TcpAsync() => InsideAsync(() => NewTcp(AddressFamily.InterNetwork));

    public Socket Listener(IPEndPoint at) => Inside(() =>
    {
        var socket = Bound(SocketType.Stream, ProtocolType.Tcp, at);
        socket.Listen(512);
        return socket;
    });

    /// <summary>Sends packets whose addresses the caller wrote.</summary>
    public Socket Raw(AddressFamily family) => Inside(() =>
    {
        // raw(7): this protocol number includes the header, in IPv6 as well.
        var socket = new Socket(family, SocketType.Raw, ProtocolType.Raw);
        if (family == AddressFamily.InterNetwork)
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, optionValue: true);
        return socket;
    });

    public void Sysctl(string name, string value) => Inside(() =>
    {
        File.WriteAllText("/proc/sys/" + name.Replace('.', '/'), value);
        return true;
    });

    /// <summary>Lines of `ip -batch` that make cables; carried out by <see cref="LayCables"/>, before anything stands on them.</summary>
    public void Cable(string lines) => _cables.Append(lines);

    /// <summary>Lines of `ip -batch`, each with its line end; carried out by <see cref="Settle"/>.</summary>
    public void Ip(string lines) => _plan.Append(lines);

    public void LayCables() => Carry(_cables);

    public void Settle() => Carry(_plan);

    /// <summary>Runs a system tool to its end; what it complains about is an exception.</summary>
    public void Tool(string program, IEnumerable<string> arguments, string input = "")
    {
        using var process = Spawn(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        _ = output.GetAwaiter().GetResult();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name}: {program} {string.Join(' ', arguments)}: {complaint.Trim()}");
    }

    /// <summary>What <see cref="UseResolver"/> was told.</summary>
    public IPAddress? Resolver { get; private set; }

    /// <summary>What this host's own resolver is: the file is bound over /etc/resolv.conf of every process started by <see cref="Start"/>.</summary>
    public void UseResolver(IPAddress resolver)
    {
        Resolver = resolver;
        var file = Path.Combine(Isolation.Directory, $"resolv-{Name}.conf");
        File.WriteAllText(file, $"nameserver {resolver}\noptions timeout:2 attempts:2\n");
        Bind(file, "/etc/resolv.conf");
    }

    /// <summary>From now on, processes started here see one file or directory in another's place.</summary>
    public void Bind(string from, string to)
    {
        Unbind(to);
        _bound.Add((from, to));
    }

    public void Unbind(string to) => _bound.RemoveAll(one => one.To == to);

    /// <summary>The certificates that programs here trust; null for the lab's root alone.</summary>
    public string? Trusted { get; set; }

    /// <summary>Starts a program on this host, with a mount namespace of its own.</summary>
    public Process Start(ProcessStartInfo program)
    {
        var inside = new ProcessStartInfo("unshare")
        {
            UseShellExecute = false,
            RedirectStandardInput = program.RedirectStandardInput,
            RedirectStandardOutput = program.RedirectStandardOutput,
            RedirectStandardError = program.RedirectStandardError,
            WorkingDirectory = program.WorkingDirectory,
        };
        const string script = "while [ \"$1\" != -- ]; do mount --bind \"$1\" \"$2\" || exit 125; shift 2; done; shift; exec \"$@\"";
        foreach (var argument in (string[])["--mount", "--propagation", "private", "sh", "-c", script, "sh", .. _bound.SelectMany(one => new[] { one.From, one.To }), "--", program.FileName])
            inside.ArgumentList.Add(argument);
        foreach (var argument in program.ArgumentList)
            inside.ArgumentList.Add(argument);
        inside.Environment.Clear();
        foreach (var (name, value) in program.Environment)
            inside.Environment[name] = value;
        return Spawn(inside);
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        Native.CloseDescriptor(_descriptor);
    }

    void Carry(StringBuilder lines)
    {
        if (lines.Length == 0)
            return;
        Tool("ip", ["-force", "-batch", "-"], lines.ToString());
        lines.Clear();
    }

    Process Spawn(ProcessStartInfo start) => Inside(() => Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start"));

    static Socket NewTcp(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp);

    static Socket Bound(SocketType type, ProtocolType protocol, IPEndPoint at)
    {
        var socket = new Socket(at.AddressFamily, type, protocol);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        socket.Bind(at);
        return socket;
    }

    void Loop(TaskCompletionSource<int> opened)
    {
        try
        {
            Native.EnterNewNetwork();
            opened.SetResult(Native.OpenOwnNetwork());
        }
#pragma warning disable CA1031 // Carried over to the constructor.
        catch (Exception failure)
        {
            opened.SetException(failure);
            return;
        }
#pragma warning restore CA1031
        foreach (var action in _work.GetConsumingEnumerable())
            action();
    }
}
