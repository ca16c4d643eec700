using ProbeNet.Benchmarks;

if (BenchmarkOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine("""
        usage: ProbeNet.Benchmarks [rate|matrix] [--broker] [--replay] [--duration SECONDS] [--rate PER_SECOND] [--paced] [--streams N] [--roles R,R]
          rate     measurements from 8 sealed streams over TLS until the last row can be read (default)
          matrix   the matrix over 3 million measurements, 200 targets, 12 providers, 30 days
        """);
    return 2;
}
if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("It measures processes through /proc: Linux only.");
    return 1;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
return options.What == "rate" ? await RateBenchmark.RunAsync(options, stop.Token) : await MatrixBenchmark.RunAsync(options, stop.Token);
