using Google.Protobuf;
using MassTransit;

namespace ProbeNet.Collector.Queue;

/// <summary>Hands messages to the writer. The broker hears of it after the commit, so a message is in the store or still in the queue.</summary>
sealed class QueuedConsumer(IBatchSink sink) : IConsumer<QueuedBytes>
{
    public Task Consume(ConsumeContext<QueuedBytes> context)
    {
        var bytes = context.Message.Bytes;
        Queued queued;
        try
        {
            queued = Queued.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return sink.ParkAsync(bytes, "not a queued message", context.CancellationToken);
        }
        return queued.ContentCase switch
        {
            Queued.ContentOneofCase.Batch => sink.WriteAsync(queued.Batch, context.CancellationToken),
            Queued.ContentOneofCase.Withdrawal => sink.WithdrawAsync(queued.Withdrawal, context.CancellationToken),
            // From a newer intake: a newer writer can import it.
            _ => sink.ParkAsync(bytes, "unknown kind of queued message", context.CancellationToken),
        };
    }
}
