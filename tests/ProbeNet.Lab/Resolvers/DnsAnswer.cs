using System.Net;

namespace ProbeNet.Lab.Resolvers;

/// <param name="Code">RFC 1035 response code: 0 no error, 2 server failure, 3 no such name, 5 refused.</param>
/// <param name="Addresses">Of both families; a question gets those of its type.</param>
sealed record DnsAnswer(byte Code, IReadOnlyList<IPAddress> Addresses)
{
    public static DnsAnswer ServerFailure { get; } = new(2, []);

    public static DnsAnswer NoSuchName { get; } = new(3, []);

    public static DnsAnswer Refused { get; } = new(5, []);

    public static DnsAnswer Empty { get; } = new(0, []);

    /// <summary>No answer at all.</summary>
    public static DnsAnswer Silence { get; } = new(0, []) { IsSilence = true };

    public bool IsSilence { get; private init; }

    /// <summary>Where a name is given, an alias of the question's that leads to the addresses.</summary>
    public string? Alias { get; init; }

    public static DnsAnswer Of(params IEnumerable<IPAddress> addresses) => new(0, [.. addresses]);
}
