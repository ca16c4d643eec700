using ProbeNet.Lab.Agents;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Hosts;

if (args.Length == 0 || args[0] is "--help" or "-h")
{
    Console.WriteLine(Commands.Usage);
    return args.Length == 0 ? 2 : 0;
}
if (args is [AgentBatch.Command])
{
    await AgentBatch.Run();
    return 0;
}
if (args[0] is not ("selftest" or "run" or "demo" or "noise" or "scenarios" or "recognise"))
{
    Console.Error.WriteLine($"unknown command '{args[0]}'; see --help");
    return 2;
}
// Outside, the main thread must stay: the child dies with the thread that started it.
return Isolation.Entered ? Commands.Run(args).GetAwaiter().GetResult() : Isolation.RunInside(args);
