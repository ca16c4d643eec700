using ProbeNet.Lab.Demo;
using ProbeNet.Lab.Judging;
using ProbeNet.Lab.Noise;
using ProbeNet.Lab.Recognition;
using ProbeNet.Lab.Table;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Control;

/// <summary>What the program does once it is inside.</summary>
static class Commands
{
    public const string Usage = """
        probenet-lab: a country with its Internet, in network namespaces of this machine

          probenet-lab selftest [--scenario NAME]   starts it and checks, with plain sockets, that what is blocked is blocked
          probenet-lab run [--scenario NAME]        starts it and takes orders from standard input, a JSON object a line
          probenet-lab demo --agent PROGRAM --collector PROGRAM [--once] [--port N] [--matrix FILE] [--logs DIRECTORY]
                                                    starts it with agents and a collector and prints their matrix
          probenet-lab noise [--runs N] [--kinds A,B]
                                                    breaks lines, homes and sites without blocking anything, N runs of each kind (200), and fails
                                                    where the collector's rules accuse anybody
          probenet-lab scenarios [--seeds N] [--first N] [--only A,B] [--ooni] [--record FILE | --cells]
                                                    does to over a hundred targets what censors do, at three providers and at the gateway, under N
                                                    seeds (5, from the first, 1), and prints what is true and what the collector's rules found, cell by cell; with
                                                    --ooni only what rebuilds the cases of OONI's quality tests, case by case; with
                                                    --cells one seed's cells as lines of JSON
          probenet-lab recognise [--houses N] [--pages N] [--captures DIRECTORY] [--agent PROGRAM] [--collector PROGRAM]
                                                    lets the agent, curl and a browser go over the same pages in N houses (12), captures what leaves
                                                    them, and prints how well a classifier tells the agent in a house that it has not seen
          probenet-lab recognise --from DIRECTORY   judges captures, `HOUSE.PROGRAM.pcap` each, that exist already

        Works as root and as an ordinary user (in a user namespace). It ends with its parent and leaves nothing behind.
        """;

    public static async Task<int> Run(string[] arguments)
    {
        if (arguments[0] == "scenarios")
            return await TableCommand.Run(arguments);
        if (arguments[0] == "recognise")
            return await RecogniseCommand.Run(arguments);
        var country = Country.Load(Value(arguments, "--scenario") ?? "country");
        await using var lab = await Laboratory.Start(country);
        return arguments[0] switch
        {
            "selftest" => await Test(lab),
            "demo" => await Demonstration.Run(lab, arguments),
            "noise" => await NoiseCommand.Run(lab, arguments),
            "run" => await new OrderLoop(lab).Run(),
            _ => 2,
        };
    }

    public static string? Value(string[] arguments, string option)
    {
        var at = Array.IndexOf(arguments, option);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    static async Task<int> Test(Laboratory lab)
    {
        var wrong = await SelfTest.Run(lab);
        foreach (var line in wrong)
            await Console.Error.WriteLineAsync(line);
        Console.WriteLine($"{lab.Country.Truth.Length} blocked cells, {lab.Country.Inputs.Length * lab.Country.Isps.Length} in all: {wrong.Length} disagreements");
        return wrong.Length == 0 ? 0 : 1;
    }
}
