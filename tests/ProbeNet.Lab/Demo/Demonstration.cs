using System.Diagnostics;
using System.Text.Json;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Demo;

/// <summary>The whole of ProbeNet in the lab's country: collector, controls and volunteers as people run them, up to the matrix.</summary>
sealed class Demonstration(Laboratory lab, string agent, string collector, string logs)
{
    const string List = "demo";
    static readonly TimeSpan MatrixDue = TimeSpan.FromSeconds(165);
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);
    readonly Progress _progress = new();
    readonly List<Process> _processes = [];

    Country Country => lab.Country;

    public static async Task<int> Run(Laboratory lab, string[] arguments)
    {
        var agent = Commands.Value(arguments, "--agent") ?? throw new DemoFailure("--agent PROGRAM is missing");
        var collector = Commands.Value(arguments, "--collector") ?? throw new DemoFailure("--collector PROGRAM is missing");
        // On the lab's own tmpfs they are gone with it; who wants them names a directory.
        var logs = Directory.CreateDirectory(Commands.Value(arguments, "--logs") ?? Isolation.Directory).FullName;
        try
        {
            return await new Demonstration(lab, agent, collector, logs).Show(arguments);
        }
        catch (DemoFailure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    async Task<int> Show(string[] arguments)
    {
        _progress.Say($"{Country.Isps.Length} providers, {Country.Isps.Length * Country.Subscribers} volunteers, {Country.Controls.Length} controls and {Country.Inputs.Length} sites are up");
        var installation = new Installation(lab, collector, logs);
        await Start(installation);
        await Present(installation, await Watch(installation), arguments);
        return 0;
    }

    async Task Start(Installation installation)
    {
        _processes.Add(await installation.Serve(CancellationToken.None));
        _progress.Say("collector started");
        await installation.ReleaseList(List, Country.Inputs);
        var volunteers = await installation.Invite("--uses", $"{Country.Isps.Length * Country.Subscribers}", "--cc", Country.Cc);
        var controls = await installation.Invite("--role", "control", "--uses", $"{Country.Controls.Length}");
        _progress.Say("list signed, invites made");
        foreach (var control in Country.Controls)
            await Join(control.Name, controls);
        foreach (var home in Country.Isps.SelectMany(lab.Network.Subscribers))
            await Join(home, volunteers);
        _progress.Say("everyone has joined and measures");
    }

    async Task Join(string host, string invite)
    {
        var volunteer = new Volunteer(lab, host, agent, logs, Volunteer.Hurried);
        await volunteer.Enroll(invite);
        _processes.Add(volunteer.Run());
        _progress.Say($"{host} joined");
    }

    /// <summary>Waits until every cell is decided and nothing has changed for a while, or the time is up.</summary>
    async Task<Matrix> Watch(Installation installation)
    {
        var cells = Country.Isps.Length * Country.Inputs.Length;
        var last = "";
        var since = _progress.Elapsed;
        var decided = -1;
        while (true)
        {
            var matrix = JsonSerializer.Deserialize(await installation.Command("matrix", "--cc", Country.Cc, "--json"), MatrixJson.Default.Matrix)!;
            var now = string.Join('\n', matrix.Cells.Select(cell => $"{cell.Domain} {cell.Asn} {cell.State} {string.Join(' ', cell.Mechanisms)}"));
            if (now != last)
                (last, since) = (now, _progress.Elapsed);
            if (matrix.Decided != decided)
                _progress.Say($"{decided = matrix.Decided} of {cells} cells decided");
            if ((decided == cells && _progress.Elapsed - since > Settled) || _progress.Elapsed > MatrixDue)
                return matrix;
            await Task.Delay(TimeSpan.FromSeconds(5));
        }
    }

    async Task Present(Installation installation, Matrix matrix, string[] arguments)
    {
        using var forward = installation.Forward(Commands.Value(arguments, "--port") is { } port ? int.Parse(port) : null);
        Console.WriteLine();
        Console.WriteLine(await installation.Command("matrix", "--cc", Country.Cc));
        var wrong = matrix.Disagreements(Country);
        foreach (var line in wrong)
            Console.WriteLine("  " + line);
        Console.WriteLine($"{Country.Truth.Length} of {Country.Isps.Length * Country.Inputs.Length} cells are blocked in truth; the matrix is wrong about {wrong.Length}.");
        Console.WriteLine("Everything above is invented.");
        Console.WriteLine($"http://127.0.0.1:{forward.Port}/");
        if (Commands.Value(arguments, "--matrix") is { } file)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(matrix, MatrixJson.Default.Matrix));
        if (arguments.Contains("--once", StringComparer.Ordinal))
            return;
        Console.WriteLine("Runs until Ctrl-C.");
        await Task.WhenAny(_processes.Take(1).Select(process => process.WaitForExitAsync()));
        throw new DemoFailure("the collector ended: " + await File.ReadAllTextAsync(installation.Log));
    }
}
