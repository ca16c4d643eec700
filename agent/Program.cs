using ProbeNet.Agent.Service;

CrashDumps.Refuse();
return await AgentCommandLine.RunAsync(args, Surroundings.OfProcess());
