using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Control;

/// <summary>Carries out the orders on standard input, one after the other, until it ends.</summary>
sealed class OrderLoop(Laboratory lab)
{
    readonly ConcurrentDictionary<int, Process> _processes = [];
    readonly Dictionary<(string Host, string Address), PacketCount> _captures = [];

    public async Task<int> Run()
    {
        Answer(new Outcome());
        while (await Console.In.ReadLineAsync() is { } line)
        {
            try
            {
                Answer(await Carry(JsonSerializer.Deserialize(line, ControlJson.Default.Order)!));
            }
            catch (Exception refused) when (refused is JsonException or ArgumentException or InvalidOperationException or KeyNotFoundException or System.ComponentModel.Win32Exception)
            {
                Answer(new Outcome(Error: refused.Message));
            }
        }
        return 0;
    }

    static void Answer(Outcome outcome) => Console.WriteLine(JsonSerializer.Serialize(outcome, ControlJson.Default.Outcome));

    async Task<Outcome> Carry(Order order)
    {
        switch (order.Do)
        {
            case "rules":
                lab.Apply(order.Rules ?? lab.Country.Rules);
                return new Outcome();
            case "start":
                return new Outcome(Process: Start(order));
            case "stop":
                Native.Kill(order.Process, order.Signal);
                goto case "wait";
            case "wait":
                await _processes[order.Process].WaitForExitAsync();
                return new Outcome(Exit: _processes[order.Process].ExitCode);
            case "capture":
                _captures[(order.Host!, order.Address!)] = new PacketCount(lab.Network[order.Host!], IPAddress.Parse(order.Address!));
                return new Outcome();
            case "captured":
                return new Outcome(Packets: _captures[(order.Host!, order.Address!)].Packets);
            case "addresses":
                return new Outcome(Addresses: [.. Volunteers.Addresses(lab.Country, lab.Plan)]);
            case "reach":
                _ = HostForward.Outwards(lab.Network[order.Host!], order.Port);
                return new Outcome();
            case "show":
                return new Outcome(Port: new HostForward(lab.Network[order.Host!], new(IPAddress.Parse(order.Address!), order.Port), 0).Port);
            default:
                throw new ArgumentException($"unknown order '{order.Do}'", nameof(order));
        }
    }

    int Start(Order order)
    {
        var command = order.Command!;
        var process = ProgramOnHost.Start(lab.Network[order.Host!], command, order.Environment ?? [], order.Output ?? "/dev/null");
        _processes[process.Id] = process;
        return process.Id;
    }
}
