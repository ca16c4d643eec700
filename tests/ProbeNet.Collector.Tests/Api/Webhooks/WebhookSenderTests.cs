using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Api.Webhooks;
using ProbeNet.Collector.Store;
using Xunit;

namespace ProbeNet.Collector.Tests.Api.Webhooks;

public sealed class WebhookSenderTests
{
    [Fact]
    public void A_signature_is_that_of_the_specification() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Of(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}"u8));

    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:21f:cb07::1", true)]
    [InlineData("64:ff9b::5db8:d70e", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:c0a8:101::1", false)]
    public void Only_what_the_whole_world_can_reach_is_public(string address, bool isPublic) =>
        Assert.Equal(isPublic, WebhookSender.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_that_means_a_private_address_is_not_connected_to()
    {
        await using var receiver = await LoopbackReceiver.StartAsync();
        var hook = new Webhook("1", new($"https://localhost:{receiver.Address.Port}/"), WebhookSignature.NewSecret(), null, null, "key", default, 0);
        var message = new WebhookMessage(1, "msg_1", "event", Encoding.UTF8.GetBytes("{}"), []);
        using var sender = new WebhookSender(Options.Create(new WebhookOptions()), TimeProvider.System);
        Assert.Equal("Its name has no public address.", (await sender.SendAsync(hook, message, WebGround.Ct)).Trouble);
        Assert.Empty(receiver.All);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 15)]
    [InlineData(5, 405)]
    [InlineData(12, 6 * 3600)]
    [InlineData(10_000, 6 * 3600)]
    public void Attempts_grow_rarer(int attempts, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), WebhookWorker.Rest(attempts));
}
