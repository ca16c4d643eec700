using System.Diagnostics.Metrics;

namespace ProbeNet.Collector.Store;

static class StoreInstruments
{
    public const string MeterName = "ProbeNet.Collector.Store";

    static readonly Meter Meter = new(MeterName);

    internal static readonly Counter<long> Rows = Meter.CreateCounter<long>("probenet.store.measurements", "{measurement}", "Measurements stored, each once");

    internal static readonly Counter<long> Batches = Meter.CreateCounter<long>("probenet.store.batches", "{batch}", "Batches, by what became of them");
}
