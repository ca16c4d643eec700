using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.Agent.Tests.TestLists;

/// <summary>
/// Rotations of the root's keys, by the table of https://github.com/theupdateframework/tuf-conformance and of python-tuf before it: each
/// step is threshold and keys of a root, then who signs it. A step that agents refuse is marked with !.
/// </summary>
public sealed class RotationTests : IDisposable
{
    readonly TrustWorld _world = new();
    readonly List<SigningKey> _keys = [.. Enumerable.Range(0, 10).Select(_ => TrustWorld.Key())];

    [Theory]
    [InlineData("a key for a key", "1of0 by0", "1of1 by0,1")]
    [InlineData("a key for a key, with signatures of nobody", "1of0 by0", "1of1 by0,1,2,3")]
    [InlineData("a key for a key, not signed by the former", "1of0 by0", "!1of1 by1")]
    [InlineData("a key for a key, not signed by the new", "1of0 by0", "!1of1 by0")]
    [InlineData("three of five, each time others", "3of0,1,2,3,4 by0,1,2", "3of0,1,2,3,4 by0,2,4", "3of0,1,2,3,4 by1,3,4")]
    [InlineData("three of five, one replaced", "3of0,1,2,3,4 by0,1,2", "3of0,1,2,3,5 by0,1,5,4")]
    [InlineData("three of five, one replaced, two of the new sign", "3of0,1,2,3,4 by0,1,2", "!3of0,1,2,3,5 by0,1,4")]
    [InlineData("three of five, one replaced, two of the former sign", "3of0,1,2,3,4 by0,1,2", "!3of0,1,2,3,5 by0,1,5")]
    [InlineData("three of five, one replaced, over a step between", "3of0,1,2,3,4 by0,1,2", "3of0,1,2,3,5 by0,1,2,5", "3of0,1,2,3,5 by0,3,5")]
    [InlineData("three of five, all replaced at once", "3of0,1,2,3,4 by0,1,2", "3of5,6,7,8,9 by0,1,2,5,6,7")]
    [InlineData("three of five, all replaced, not signed by the former", "3of0,1,2,3,4 by0,1,2", "!3of5,6,7,8,9 by5,6,7,8,9")]
    [InlineData("the threshold rises", "1of0,1,2 by0", "2of0,1,2 by0,1")]
    [InlineData("the threshold rises, below the new one", "1of0,1,2 by0", "!2of0,1,2 by0")]
    [InlineData("the threshold falls", "2of0,1,2 by0,1", "1of0,1,2 by0,1")]
    [InlineData("the threshold falls, below the former one", "2of0,1,2 by0,1", "!1of0,1,2 by0")]
    [InlineData("the former root signs no more once it is replaced", "1of0 by0", "1of1 by0,1", "!1of2 by0,2")]
    [InlineData("back to a key that was replaced", "1of0 by0", "1of1 by0,1", "1of0 by0,1")]
    public void A_root_is_followed_only_where_enough_of_the_former_and_of_its_own_keys_sign(string name, params string[] steps)
    {
        Begin(Parse(steps[0]));
        foreach (var step in steps.Skip(1))
        {
            var before = _world.Agent.RootVersion;
            (_world.RootKeys, _world.RootThreshold) = (Parse(step).Keys, Parse(step).Threshold);
            var endorsed = Endorsements.Endorse(SigningContext.Root, _world.NextRoot(), Parse(step).Signers);
            _world.Roots.Add(endorsed);
            var refused = step.StartsWith('!');
            Assert.Equal((name, refused ? TestListRefusals.RootBadSignature : null), (name, _world.Take(_world.Release())));
            Assert.Equal(refused ? before : before + 1, _world.Agent.RootVersion);
            if (refused)
                _world.Roots.Remove(endorsed);
            // Either way the next list arrives.
            Assert.Null(_world.Take(_world.Release()));
            Assert.Equal(_world.ListVersion, _world.Agent.Current!.Version);
        }
    }

    public void Dispose() => _world.Dispose();

    // From the world's own keys to those of the case, rightly.
    void Begin((uint Threshold, List<SigningKey> Keys, List<SigningKey> Signers) first)
    {
        var former = _world.RootKeys;
        (_world.RootKeys, _world.RootThreshold) = (first.Keys, first.Threshold);
        _world.Roots.Add(Endorsements.Endorse(SigningContext.Root, _world.NextRoot(), former.Concat(first.Signers)));
        Assert.Null(_world.Take(_world.Release()));
    }

    (uint Threshold, List<SigningKey> Keys, List<SigningKey> Signers) Parse(string step)
    {
        var parts = step.TrimStart('!').Split("of", 2);
        var halves = parts[1].Split(" by");
        return (uint.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), KeysOf(halves[0]), KeysOf(halves[1]));
    }

    List<SigningKey> KeysOf(string numbers) => [.. numbers.Split(',').Select(number => _keys[int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)])];
}
