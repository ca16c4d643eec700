using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>Who asks. The public has no role.</summary>
readonly record struct Caller(ApiRole? Role, string? KeyId)
{
    public static readonly Caller Public;

    public bool IsPublic => Role is null;

    public static Caller Of(ApiKey key) => new(key.Role, key.Id);
}
