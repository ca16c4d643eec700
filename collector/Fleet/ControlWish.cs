using System.Net;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;

namespace ProbeNet.Collector.Fleet;

/// <summary>Addresses of one input that controls should try: those that volunteers got and no control has tried of late; none where the name led to none.</summary>
/// <param name="Asked">When the first of them was asked for, in whole minutes.</param>
sealed record ControlWish(string Input, IReadOnlyList<IPAddress> Addresses, DateTimeOffset Asked)
{
    /// <summary>A wish that was not met by then is asked for again by the next measurement.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The same addresses of the same input, asked for at the same time, are the same task.</summary>
    public ByteString Id => ByteString.CopyFrom(
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{Asked.ToUnixTimeSeconds()} {Input}"), .. Addresses.SelectMany(address => address.GetAddressBytes())]).AsSpan(0, 16));

    public Protos.V1.Task AsTask(string list)
    {
        var task = new Protos.V1.Task { Id = Id, List = list, Input = Input, Reason = "control", Expires = (Asked + Lifetime).ToUnixTimeSeconds() };
        task.Addresses.AddRange(Addresses.Select(address => ByteString.CopyFrom(address.GetAddressBytes())));
        return task;
    }
}
