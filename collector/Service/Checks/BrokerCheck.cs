using ProbeNet.Collector.Queue;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ProbeNet.Collector.Service.Checks;

static class BrokerCheck
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Check> RunAsync(IConfiguration configuration, CancellationToken ct)
    {
        if (!QueueRegistration.HasBroker(configuration))
            return Check.Ok("broker", "None is configured: a batch is acknowledged when the database has it.");
        Uri uri;
        try
        {
            uri = QueueRegistration.BrokerOf(configuration)!;
        }
        catch (InvalidDataException e)
        {
            return Check.Fail("broker", e.Message, "Correct ConnectionStrings__Queue.");
        }
        try
        {
            var factory = new ConnectionFactory { Uri = uri, RequestedConnectionTimeout = Patience };
            await using var connection = await factory.CreateConnectionAsync(ct);
            return Check.Ok("broker", $"RabbitMQ answers at {uri.Host}:{uri.Port}.");
        }
        catch (BrokerUnreachableException e)
        {
            return Check.Fail("broker", $"RabbitMQ does not answer at {uri.Host}:{uri.Port}: {(e.InnerException ?? e).Message}", "Start it, or correct ConnectionStrings__Queue.");
        }
    }
}
