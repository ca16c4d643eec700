using ProbeNet.Benchmarks;
using ProbeNet.Benchmarks.Fleet;
using ProbeNet.Benchmarks.Reads;

if (BenchmarkOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine("""
        usage: ProbeNet.Benchmarks [rate|matrix|reads|reanalyze|fleet] [--broker] [--replay] [--duration SECONDS] [--rate PER_SECOND] [--paced] [--streams N] [--roles R,R] [--days N] [--agents N] [--store CONNECTION] [--parts matrix,view,mix]
          rate       measurements from 8 sealed streams over TLS until the last row can be read (default)
          matrix     the matrix over 3 million measurements, 200 targets, 12 providers, 30 days
          reads      500 sites, 30 providers, 30 days, over 3 million measurements: the matrix, its page in a browser, 200 reads a second while 2,000 measurements a second arrive
          reanalyze  the measurements of matrix judged again by the collector's command, all saying something else than before, and once more
          fleet      releases of a list to 10,000 agents whose sessions stand: through the stages, at once, back, and one that agents refuse
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
return options.What switch
{
    "rate" => await RateBenchmark.RunAsync(options, stop.Token),
    "matrix" => await MatrixBenchmark.RunAsync(options, stop.Token),
    "reads" => await ReadsBenchmark.RunAsync(options, stop.Token),
    "fleet" => await FleetBenchmark.RunAsync(options, stop.Token),
    _ => await ReanalysisBenchmark.RunAsync(options, stop.Token),
};
