using System.Diagnostics;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Kills;

/// <summary>The servers that the kills are about must themselves start, die, come back and leave nothing.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task RabbitMQ_comes_back_after_a_kill_and_leaves_nothing()
    {
        var node = await RabbitMqProcess.StartAsync();
        var first = node.Pid;
        await node.KillAsync();
        await node.RestartAsync();
        Assert.NotEqual(first, node.Pid);
        var second = node.Pid;
        await node.DisposeAsync();
        Assert.False(Directory.Exists(node.Folder));
        Assert.DoesNotContain(Process.GetProcesses(), process => process.Id == second);
    }
}
