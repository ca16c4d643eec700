using System.Net;

namespace ProbeNet.Lab.Resolvers;

/// <param name="Code">RFC 1035 response code: 0 no error, 2 server failure, 3 no such name.</param>
/// <param name="Addresses">IPv4.</param>
sealed record DnsAnswer(byte Code, IReadOnlyList<IPAddress> Addresses)
{
    public static DnsAnswer ServerFailure { get; } = new(2, []);

    public static DnsAnswer NoSuchName { get; } = new(3, []);

    public static DnsAnswer Of(IPAddress address) => new(0, [address]);
}
