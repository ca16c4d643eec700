namespace ProbeNet.Lab.Resolvers;

/// <summary>What is wrong with a resolver, whoever asks for whatever.</summary>
/// <param name="Always">Its answer to every question; null where it still asks.</param>
/// <param name="ForUnknown">Its answer where the truth is that there is no such name; null where it tells that.</param>
sealed record ResolverFault(DnsAnswer? Always = null, DnsAnswer? ForUnknown = null);
