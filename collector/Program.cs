using ProbeNet.Collector.Service;

CrashDumps.Refuse();
return await CollectorCommandLine.RunAsync(args, Surroundings.OfProcess());
