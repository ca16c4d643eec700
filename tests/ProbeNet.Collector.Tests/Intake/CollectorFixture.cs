using ProbeNet.Collector.Tests.Intake;
using Xunit;

[assembly: AssemblyFixture(typeof(CollectorFixture))]

namespace ProbeNet.Collector.Tests.Intake;

/// <summary>One collector for the tests that need nothing special of it. It starts with the first of them.</summary>
public sealed class CollectorFixture : IAsyncDisposable
{
    readonly Lazy<Task<RunningCollector>> _collector = new(() => RunningCollector.StartAsync());

    internal Task<RunningCollector> CollectorAsync() => _collector.Value;

    public async ValueTask DisposeAsync()
    {
        if (_collector.IsValueCreated)
            await (await _collector.Value).DisposeAsync();
    }
}
