using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ProbeNet.Testing;

/// <summary>A real RabbitMQ node of its own on the loopback: own data, own name, own port mapper.</summary>
public sealed class RabbitMqProcess : IAsyncDisposable
{
    const string Binaries = "/usr/lib/rabbitmq/bin";

    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(180);

    readonly string _directory;
    readonly int _port = FreePort.Next();
    readonly int _distributionPort = FreePort.Next();
    readonly int _mapperPort = FreePort.Next();
    SupervisedProcess? _process;

    RabbitMqProcess(string directory) => _directory = directory;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{_port}/");

    public int Port => _port;

    /// <summary>Of the node's data and logs.</summary>
    public string Folder => _directory;

    /// <summary>The node's own process; what kill -9 is for.</summary>
    public int Pid => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    string PidFile => Path.Combine(_directory, "pid");

    /// <exception cref="ServerMissingException">RabbitMQ is not installed.</exception>
    public static async Task<RabbitMqProcess> StartAsync()
    {
        if (!File.Exists(Path.Combine(Binaries, "rabbitmq-server")))
            throw new ServerMissingException("RabbitMQ is not installed");
        var directory = Directory.CreateTempSubdirectory("probenet-rabbitmq-").FullName;
        var node = new RabbitMqProcess(directory);
        node.Configure();
        await node.RestartAsync();
        return node;
    }

    /// <summary>Starts the node on its old data, as after a crash.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        File.Delete(PidFile);
        // The port mapper outlives its node and is ended by the pid that its own port tells; the directory outlives a crash.
        _process = new(Path.Combine(_directory, "none"), "TERM", [Path.Combine(Binaries, "rabbitmq-server")], Settings(),
            $"kill -0 {Environment.ProcessId} || rm -rf '{_directory}'");
        await Eventually.TrueAsync("RabbitMQ answers", AnswersAsync, StartDeadline);
    }

    /// <summary>kill -9 of the node, and its end.</summary>
    public async Task KillAsync()
    {
        using (var node = Process.GetProcessById(Pid))
            node.Kill();
        await Eventually.TrueAsync("RabbitMQ is dead", () => _process!.HasEnded);
    }

    /// <summary>Runs rabbitmqctl on the node.</summary>
    public async Task ControlAsync(params string[] arguments)
    {
        await using var control = new SupervisedProcess(Path.Combine(_directory, "none"), "KILL", [Path.Combine(Binaries, "rabbitmqctl"), .. arguments], Settings());
        await Eventually.TrueAsync("rabbitmqctl ends", () => control.HasEnded, StartDeadline);
        if (control.ExitCode != 0)
            throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)}: {control.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        EndMapper();
        Directory.Delete(_directory, recursive: true);
    }

    void Configure()
    {
        var home = Directory.CreateDirectory(Path.Combine(_directory, "home")).FullName;
        var cookie = Path.Combine(home, ".erlang.cookie");
        File.WriteAllText(cookie, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
        File.WriteAllText(Path.Combine(_directory, "enabled_plugins"), "[].");
        File.WriteAllText(Path.Combine(_directory, "rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            vm_memory_high_watermark.absolute = 2GB
            disk_free_limit.absolute = 100MB
            log.file.level = warning

            """));
    }

    Dictionary<string, string> Settings()
    {
        string In(string name) => Path.Combine(_directory, name);
        string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            ["HOME"] = In("home"),
            ["RABBITMQ_NODENAME"] = $"probenet{_port}@localhost",
            ["RABBITMQ_MNESIA_BASE"] = In("mnesia"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = PidFile,
            ["RABBITMQ_NODE_PORT"] = Number(_port),
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_DIST_PORT"] = Number(_distributionPort),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = Number(_mapperPort),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        };
    }

    async Task<bool> AnswersAsync()
    {
        if (_process!.HasEnded)
            throw new InvalidOperationException($"RabbitMQ ended: {_process.Output}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray());
            return await client.GetStream().ReadAsync(new byte[1]) == 1;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    // epmd was started by the node and knows no parent: its command line and its port in the environment are ours alone.
    void EndMapper()
    {
        foreach (var process in Process.GetProcessesByName("epmd"))
        {
            using (process)
            {
                if (EnvironmentOf(process.Id).Contains($"ERL_EPMD_PORT={_mapperPort}"))
                    process.Kill();
            }
        }
    }

    // Another test's mapper may end while this one is looked for.
    static string[] EnvironmentOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
