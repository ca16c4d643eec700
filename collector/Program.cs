using ProbeNet.Collector.Service;

return await CollectorCommandLine.RunAsync(args, Surroundings.OfProcess());
