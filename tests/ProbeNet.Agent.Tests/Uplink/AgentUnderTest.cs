using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.Identifiers;
using Xunit;

namespace ProbeNet.Agent.Tests.Uplink;

/// <summary>The agent's own composition over a real directory, without what measures.</summary>
sealed class AgentUnderTest : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly IHost _host;
    readonly string _directory;

    public AgentUnderTest(string? directory = null, params (string Name, string Value)[] settings)
    {
        _directory = directory ?? Path.Combine(Path.GetTempPath(), "probenet-" + Guid.NewGuid().ToString("N"));
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            [new("Agent:StateDirectory", _directory), new("Agent:Upload:Delay", "00:00:00"), new("Agent:Session:Mode", "standing")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddIdentity(builder.Configuration).AddTestLists().AddSealing(builder.Configuration).AddUplink(builder.Configuration);
        builder.Services.AddSingleton(services => new NetworkKeys(
            services.GetRequiredService<StateFile<KeyRing>>(), services.GetRequiredService<StateKey>(), () => Gateway, TimeProvider.System));
        _host = builder.Build();
    }

    /// <summary>The network that the agent believes it is on.</summary>
    public Gateway Gateway { get; set; } = new("eth0", "192.0.2.1", "02:00:00:00:00:01");

    public string StateDirectory => _directory;

    public bool KeepsState { get; set; }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public SpoolStatus Status => SpoolStatus.Of(Get<Journal>(), Get<ChunkSpool>());

    public Task<ContactEnd> RedeemAsync(ScriptedCollector collector) =>
        Get<EnrollmentClient>().RedeemAsync(InviteText.Write(collector.Invite), TestContext.Current.CancellationToken);

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public async Task MeasureAsync(int count, NetworkKey? key = null)
    {
        for (var i = 0; i < count; i++)
        {
            var circumstance = new Protos.V1.Circumstance { Time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60, TimeGrain = 60 };
            var facts = new Protos.V1.Facts { Input = $"https://site{i}.example/", TestName = "web" };
            Assert.Equal(AppendResult.Appended, await Get<Journal>().AppendAsync(key ?? Get<NetworkKeys>().Current(), facts, circumstance, [], TestContext.Current.CancellationToken));
        }
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"Waited in vain until {what}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        if (!KeepsState)
            Directory.Delete(_directory, recursive: true);
    }
}
