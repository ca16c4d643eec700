using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Serialization;

namespace ProbeNet.Collector.Queue;

/// <summary>One received message, whose only possible type is <see cref="QueuedBytes"/>.</summary>
sealed class OpaqueSerializerContext(OpaqueSerializer serializer, QueuedBytes queued, MessageContext context)
    : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, context, [MessageUrn.ForTypeString<QueuedBytes>()])
{
    public override bool IsSupportedMessageType<T>() => typeof(T) == typeof(QueuedBytes);

    public override bool IsSupportedMessageType(Type messageType) => messageType == typeof(QueuedBytes);

    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
        where T : class
    {
        message = queued as T;
        return message is not null;
    }

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
    {
        message = messageType == typeof(QueuedBytes) ? queued : null;
        return message is not null;
    }

    public override IMessageSerializer GetMessageSerializer() => serializer;

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => serializer;

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => serializer;

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => [];
}
