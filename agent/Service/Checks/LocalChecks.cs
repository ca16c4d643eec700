using System.Globalization;
using System.Net.NetworkInformation;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Service.Output;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Service.Checks;

/// <summary>What can be checked without a packet.</summary>
sealed class LocalChecks(IServiceProvider services, TimeProvider time)
{
    const long EnoughDisk = 512L * 1024 * 1024;
    const int OldestDays = 3;

    public IEnumerable<CheckResult> Run()
    {
        var status = StatusView.Read(services);
        yield return State();
        yield return Disk();
        yield return Running(status);
        yield return Joined(status);
        yield return Consented(status);
        yield return Paused(status);
        yield return Key(status);
        yield return List(status);
        yield return Spool(status);
        yield return Vpn();
        yield return Proxy();
        yield return IPv6();
    }

    CheckResult State()
    {
        const string name = "state";
        var directory = services.GetRequiredService<StateDirectory>();
        _ = services.GetRequiredService<StateKey>();
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(directory.Path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None)
            return new(name, CheckStatus.Failed, "others can look into the state directory.", $"chmod 700 {directory.Path}");
        return CheckResult.Ok(name, "the state directory is ours alone, and its key opens it.");
    }

    CheckResult Disk()
    {
        const string name = "disk";
        var free = new DriveInfo(services.GetRequiredService<StateDirectory>().Path).AvailableFreeSpace;
        var detail = $"{free / (1024 * 1024)} MiB are free for the state.";
        return free >= EnoughDisk ? CheckResult.Ok(name, detail)
            : new(name, CheckStatus.Warning, detail, "free some space: when the disk is full, measuring stops.");
    }

    static CheckResult Running(StatusView status) => status.Running
        ? CheckResult.Ok("service", "it runs.")
        : new("service", CheckStatus.Warning, "it does not run.", "systemctl start probenet-agent, or 'probenet-agent install'.");

    static CheckResult Joined(StatusView status) => status.Joined
        ? CheckResult.Ok("joined", "this machine has joined a collector.")
        : new("joined", CheckStatus.Failed, "this machine has joined no collector.", "probenet-agent enroll");

    static CheckResult Consented(StatusView status) => status.Consent switch
    {
        null => new("consent", CheckStatus.Failed, "nobody has agreed: nothing is measured.", "probenet-agent enroll"),
        { TextVersion: var version } when version != Texts.ConsentText.Version =>
            new("consent", CheckStatus.Warning, "the text has changed since it was agreed to.", "read it again: probenet-agent enroll"),
        { } consent => CheckResult.Ok("consent", $"agreed on {consent.Date}, {consent.Categories.Count} categories."),
    };

    static CheckResult Paused(StatusView status) => status.Paused
        ? new("pause", CheckStatus.Warning, "measuring is paused.", "probenet-agent resume")
        : CheckResult.Ok("pause", "measuring is not paused.");

    static CheckResult Key(StatusView status) => status.Keys switch
    {
        { Serving: > 0 } keys => CheckResult.Ok("key", $"{keys.Serving} of {keys.Kept} keys serve."),
        _ => new("key", CheckStatus.Warning, $"0 of {status.Keys.Kept} keys are certified and valid.", "they are made and certified at the next contact: leave the service running."),
    };

    CheckResult List(StatusView status)
    {
        const string name = "list";
        return status.List switch
        {
            null => new(name, CheckStatus.Failed, "there is no list whose signature was found good.", "it comes at the next contact; if it does not, ask the operator whether one is released."),
            { Expired: true } list => new(name, CheckStatus.Failed, $"{list.Name} version {list.Version} has expired.", "the operator has to release a newer one."),
            { } list when services.GetRequiredService<TestListStore>().Current?.List.ExpiresDay <= Day.Of(time.GetUtcNow()) + OldestDays =>
                new(name, CheckStatus.Warning, $"{list.Name} version {list.Version} expires on {list.Expires}.", "the operator has to release a newer one."),
            { } list => CheckResult.Ok(name, $"{list.Name} version {list.Version}, signature good, {list.Inputs} inputs."),
        };
    }

    CheckResult Spool(StatusView status)
    {
        const string name = "spool";
        var spool = status.Spool;
        var detail = $"{spool.Waiting} of {spool.Produced} measurements wait, {spool.Dropped} of {spool.Produced} were dropped.";
        var old = DateOnly.TryParse(spool.OldestDay, CultureInfo.InvariantCulture, out var oldest)
            && oldest.AddDays(OldestDays) < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return spool.Dropped > 0 || old
            ? new(name, CheckStatus.Warning, detail, "the collector has not been reached for long: see 'collector' below, or carry them: probenet-agent spool export FILE")
            : CheckResult.Ok(name, detail);
    }

    CheckResult Vpn()
    {
        const string name = "vpn";
        var leaves = services.GetRequiredService<OwnNetwork>().Gateway().Interface;
        if (leaves.Length == 0)
            return new(name, CheckStatus.Failed, "there is no way out: no default gateway.", "connect this machine to a network.");
        var line = NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(one => one.Name == leaves || one.Id == leaves);
        return line is not null && LineKinds.Of(line.Name, line.NetworkInterfaceType) == LineKind.Tunnel
            ? new(name, CheckStatus.Failed, "packets leave through a tunnel: measurements would be those of where it ends, and none is made.", "leave the VPN, or exempt the agent from it.")
            : CheckResult.Ok(name, "packets leave by an ordinary line.");
    }

    CheckResult Proxy()
    {
        const string name = "proxy";
        if (services.GetRequiredService<UplinkOptions>().ProxyAddress() is not null)
            return CheckResult.Ok(name, "batches go through the proxy of Agent:Upload:Proxy; measurements go straight.");
        string[] variables = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
        return variables.Any(variable => Environment.GetEnvironmentVariable(variable) is { Length: > 0 })
            ? new(name, CheckStatus.Warning, "the environment names a proxy, which the agent does not use.", "if this network has no other way out, set Agent:Upload:Proxy.")
            : CheckResult.Ok(name, "no proxy.");
    }

    static CheckResult IPv6() => OwnAddresses.HasIpv6()
        ? CheckResult.Ok("ipv6", "this network has IPv6: both are measured.")
        : new("ipv6", CheckStatus.Warning, "this network has no IPv6: only IPv4 is measured.", "nothing needs doing; your provider may offer it.");
}
