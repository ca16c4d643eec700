using System.Security.Cryptography;
using Google.Protobuf;

namespace ProbeNet.Collector.Fleet.Tasks;

/// <summary>One volunteer is asked to look at an entry of its list out of turn.</summary>
sealed record VolunteerTask(string Target, string List, string Input, DateTimeOffset Expires)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Drawn: it says nothing of who else was asked.</summary>
    public ByteString Id { get; } = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));

    public Protos.V1.Task AsTask() => new() { Id = Id, List = List, Input = Input, Reason = "corroborate", Expires = Expires.ToUnixTimeSeconds() };
}
