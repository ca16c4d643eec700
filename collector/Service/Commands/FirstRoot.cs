using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Makes the first root where there is none: one operator, until `list root` names more keys.</summary>
static class FirstRoot
{
    /// <exception cref="CommandFailure">Lists were signed before by a key that is not here.</exception>
    public static async Task EnsureAsync(CommandStore store, Surroundings surroundings, SigningKey listKey, CancellationToken ct)
    {
        if (await store.Get<TrustTable>().ReadAsync(ct) is not null)
            return;
        var path = ListKeyFile.DefaultRootPath(surroundings.Environment);
        using var rootKey = ListKeyFile.ReadOrCreate(path, out var created);
        if (created)
            surroundings.Error.WriteLine($"Made the root key that says whose lists count: {path}. Keep it offline; see `list root`.");
        var keys = await store.Get<CollectorKeyStore>().EnsureAsync(ct);
        var root = RootDraft.First(rootKey.PublicKey.Bytes, listKey.PublicKey.Bytes, keys.Online.PublicKey.Bytes, surroundings.Time.GetUtcNow());
        // By the list key too: agents that were invited before there were roots follow it here, once.
        var endorsed = Endorsements.Endorse(SigningContext.Root, root, rootKey, listKey);
        if (await store.Get<TrustDesk>().PublishRootAsync(endorsed, ct) is { } missing)
            throw new CommandFailure(missing);
    }
}
