using ProbeNet.Agent.Service;

return await AgentCommandLine.RunAsync(args, Surroundings.OfProcess());
