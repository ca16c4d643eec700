using CsCheck;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.Protos.Tests;

public sealed class MerkleTreeTests
{
    static readonly Gen<byte[][]> Leaves = Gen.Byte.Array[MerkleTree.HashSize].Array[1, 200];

    [Fact]
    public void Every_leaf_proves_itself_by_its_path() =>
        Gen.Select(Leaves, Gen.Int[0, 1_000_000]).Sample((leaves, pick) =>
        {
            var index = pick % leaves.Length;
            var path = MerkleTree.Path(leaves, index);
            Assert.True(MerkleTree.Verify(leaves[index], index, leaves.Length, path, MerkleTree.Root(leaves)));
        });

    [Fact]
    public void A_path_proves_no_other_leaf_place_or_root() =>
        Gen.Select(Leaves, Gen.Int[0, 1_000_000], Gen.Int[0, 31]).Sample((leaves, pick, at) =>
        {
            var index = pick % leaves.Length;
            var path = MerkleTree.Path(leaves, index);
            var root = MerkleTree.Root(leaves);
            Assert.False(MerkleTree.Verify(Flip(leaves[index], at), index, leaves.Length, path, root));
            Assert.False(MerkleTree.Verify(leaves[index], index, leaves.Length, path, Flip(root, at)));
            Assert.False(MerkleTree.Verify(leaves[index], index, leaves.Length, [.. path, root], root));
            if (path.Count > 0)
                Assert.False(MerkleTree.Verify(leaves[index], index, leaves.Length, [.. path.Skip(1)], root));
        });

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(0, -5)]
    public void A_place_outside_the_tree_is_refused(int index, int count) =>
        Assert.False(MerkleTree.Verify(new byte[32], index, count, [], new byte[32]));

    static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }
}
