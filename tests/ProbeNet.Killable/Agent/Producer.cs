using System.Globalization;
using Microsoft.Extensions.Hosting;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Killable.Agent;

/// <summary>Journals invented measurements until a file named "stop" lies beside the state directory's journal.</summary>
sealed class Producer(Journal journal, NetworkKeys keys, StateDirectory state, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var n = 0; !File.Exists(state.PathOf("stop")); n++)
        {
            var facts = new Facts
            {
                Input = string.Create(CultureInfo.InvariantCulture, $"https://site{n % 20}.example/"),
                TestName = "web",
                TestVersion = "1",
                Tcp = { new TcpConnect { Port = 443, Failure = n % 3 == 0 ? FailureCodes.GenericTimeout : FailureCodes.None } },
            };
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            var circumstance = new Circumstance { Time = now - (now % 60), TimeGrain = 60, List = "kills", ListVersion = 1, Reason = Reason.Scheduled, Cc = "KH" };
            if (await journal.AppendAsync(keys.Current(), facts, circumstance, [], stoppingToken) != AppendResult.Appended)
                throw new InvalidOperationException("The disk took no measurement.");
            await Task.Delay(Pause, time, stoppingToken);
        }
    }
}
