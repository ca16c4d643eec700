using Google.Protobuf;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Identity;

/// <summary>
/// One key a network, for thirty days at most, so that a machine which moves cannot be followed. Keys that are no
/// longer used stay until nothing of theirs waits and their rows can no longer be withdrawn.
/// </summary>
sealed class NetworkKeys(StateFile<KeyRing> file, StateKey stateKey, Func<Gateway> readGateway, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly Dictionary<ulong, (StoredKey Stored, NetworkKey Key)> _keys = [];

    /// <summary>The key of the network that the machine is on now; made when there is none.</summary>
    /// <exception cref="IOException">A new key could not be written.</exception>
    public NetworkKey Current()
    {
        lock (_lock)
        {
            var gateway = readGateway();
            var ring = file.Current ?? new();
            var known = ring.Keys.LastOrDefault(stored => IsOf(stored, gateway) && Today < Open(stored).ExpiresDay);
            if (known is not null && (known.Hardware.Length > 0 || gateway.Hardware.Length == 0))
                return Open(known);
            ring = ring.Clone();
            var stored = known is null ? Create(ring, gateway) : ring.Keys.Single(key => key.Number == known.Number);
            stored.Hardware = HardwareOf(gateway);
            file.Save(ring);
            return Open(stored);
        }
    }

    /// <summary>True while the machine is still on the key's network and the key still serves.</summary>
    public bool IsCurrent(NetworkKey key)
    {
        lock (_lock)
        {
            var stored = file.Current?.Keys.LastOrDefault(k => k.Number == key.Number);
            return stored is not null && IsOf(stored, readGateway()) && Today < Open(stored).ExpiresDay;
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<NetworkKey> All()
    {
        lock (_lock)
            return [.. (file.Current?.Keys ?? []).Select(Open)];
    }

    /// <returns>Null when the key is no longer kept.</returns>
    public NetworkKey? Find(ulong number) => All().FirstOrDefault(key => key.Number == number);

    /// <summary>Keeps what the collector made of a key, in place of what it made before.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void SetCertificate(NetworkKey key, Signed? certificate) =>
        Change(ring => ring.Keys.Single(stored => stored.Number == key.Number).Certificate = certificate);

    /// <summary>Forgets a key that stopped serving thirty days ago; the caller knows that nothing of it waits.</summary>
    /// <returns>False when the key still serves, or its rows can still be withdrawn.</returns>
    public bool TryForget(NetworkKey key)
    {
        if (Today < key.ExpiresDay + Day.PerEpoch)
            return false;
        Change(ring => ring.Keys.Remove(ring.Keys.Single(stored => stored.Number == key.Number)));
        return true;
    }

    uint Today => Day.Of(time.GetUtcNow());

    void Change(Action<KeyRing> change)
    {
        lock (_lock)
        {
            var ring = (file.Current ?? new()).Clone();
            change(ring);
            file.Save(ring);
        }
    }

    StoredKey Create(KeyRing ring, Gateway gateway)
    {
        using var key = SigningKey.Create();
        var stored = new StoredKey
        {
            Number = ++ring.LastNumber,
            Seed = ByteString.CopyFrom(key.Export()),
            Route = RouteOf(gateway),
            CreatedDay = Today,
        };
        ring.Keys.Add(stored);
        return stored;
    }

    // The table of hardware addresses forgets: an unknown one is no other network.
    bool IsOf(StoredKey stored, Gateway gateway) =>
        stored.Route == RouteOf(gateway)
        && (stored.Hardware.Length == 0 || gateway.Hardware.Length == 0 || stored.Hardware == HardwareOf(gateway));

    ByteString RouteOf(Gateway gateway) => ByteString.CopyFrom(stateKey.NameOf($"route {gateway.Interface} {gateway.Address}"));

    ByteString HardwareOf(Gateway gateway) =>
        gateway.Hardware.Length == 0 ? ByteString.Empty : ByteString.CopyFrom(stateKey.NameOf($"hardware {gateway.Hardware}"));

    NetworkKey Open(StoredKey stored)
    {
        if (_keys.TryGetValue(stored.Number, out var known) && known.Stored.Equals(stored))
            return known.Key;
        var key = new NetworkKey(stored);
        _keys[stored.Number] = (stored, key);
        return key;
    }
}
