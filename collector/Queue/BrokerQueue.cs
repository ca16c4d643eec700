using Google.Protobuf;
using MassTransit;
using Microsoft.Extensions.Options;

namespace ProbeNet.Collector.Queue;

/// <summary>RabbitMQ through MassTransit: durable is what a quorum queue has confirmed.</summary>
sealed class BrokerQueue(IBusControl bus, IOptions<QueueOptions> options, TimeProvider time) : IBatchQueue, IDisposable
{
    /// <summary>Name of the exchange and of the queue.</summary>
    public const string Name = "probenet-queued";

    static readonly Uri Address = new("exchange:" + Name);

    // The client's own throttle is far slower (measured: four times): here a window of unconfirmed messages is kept instead.
    readonly SemaphoreSlim _window = new(options.Value.Window);

    public bool IsAvailable => bus.CheckHealth().Status == BusHealthStatus.Healthy;

    public Task<bool> PublishAsync(CheckedBatch batch, CancellationToken ct) => PublishAsync(new Queued { Batch = batch }, ct);

    public Task<bool> PublishAsync(CheckedWithdrawal withdrawal, CancellationToken ct) => PublishAsync(new Queued { Withdrawal = withdrawal }, ct);

    async Task<bool> PublishAsync(Queued queued, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(options.Value.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await _window.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
        try
        {
            var endpoint = await bus.GetSendEndpoint(Address);
            // Mandatory: an exchange without its queue would confirm what it throws away.
            await endpoint.Send(new QueuedBytes(queued.ToByteArray()), context => ((RabbitMqSendContext)context).Mandatory = true, both.Token);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is OperationCanceledException or MassTransitException or RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException)
        {
            // Not confirmed. It may be in the queue all the same; the store recognises it when it comes again.
            return false;
        }
        finally
        {
            _window.Release();
        }
    }

    public void Dispose() => _window.Dispose();
}
