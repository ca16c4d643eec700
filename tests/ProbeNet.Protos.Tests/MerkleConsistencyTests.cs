using CsCheck;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.Protos.Tests;

public sealed class MerkleConsistencyTests
{
    static readonly Gen<byte[][]> Leaves = Gen.Byte.Array[MerkleTree.HashSize].Array[1, 120];

    [Fact]
    public void A_tree_proves_that_it_continues_each_of_its_beginnings() =>
        Leaves.Sample(leaves =>
        {
            for (var size = 1; size <= leaves.Length; size++)
                Assert.True(MerkleConsistency.Verify(size, MerkleTree.Root(leaves.AsSpan(0, size)), leaves.Length, MerkleTree.Root(leaves), MerkleConsistency.Path(leaves, size)));
        }, iter: 30);

    [Fact]
    public void A_tree_that_was_changed_before_it_grew_proves_nothing() =>
        Gen.Select(Leaves, Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Int[0, 31]).Sample((leaves, pick, change, at) =>
        {
            var size = 1 + (pick % leaves.Length);
            byte[][] other = [.. leaves];
            other[change % size] = Flip(other[change % size], at);
            var earlier = MerkleTree.Root(leaves.AsSpan(0, size));
            Assert.False(MerkleConsistency.Verify(size, earlier, other.Length, MerkleTree.Root(other), MerkleConsistency.Path(other, size)));
            var path = MerkleConsistency.Path(leaves, size);
            var later = MerkleTree.Root(leaves);
            Assert.False(MerkleConsistency.Verify(size, earlier, leaves.Length, later, [.. path, later]));
            for (var i = 0; i < path.Count; i++)
            {
                byte[][] altered = [.. path];
                altered[i] = Flip(altered[i], at);
                Assert.False(MerkleConsistency.Verify(size, earlier, leaves.Length, later, altered));
                Assert.False(MerkleConsistency.Verify(size, earlier, leaves.Length, later, [.. path.Take(i), .. path.Skip(i + 1)]));
            }
        }, iter: 200);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 3)]
    [InlineData(-1, 3)]
    public void A_beginning_that_is_none_is_refused(int size, int later) =>
        Assert.False(MerkleConsistency.Verify(size, new byte[32], later, new byte[32], []));

    [Fact]
    public void The_proof_of_the_RFCs_example_has_its_hashes()
    {
        // RFC 6962 section 2.1.3: PROOF(3, D[7]) = [c, d, g, l], PROOF(4, D[7]) = [l], PROOF(6, D[7]) = [i, j, k].
        byte[][] leaves = [.. Enumerable.Range(0, 7).Select(i => Enumerable.Repeat((byte)i, 32).ToArray())];
        var (g, k, l) = (MerkleTree.Root(leaves.AsSpan(0, 2)), MerkleTree.Root(leaves.AsSpan(0, 4)), MerkleTree.Root(leaves.AsSpan(4)));
        Assert.Equal([leaves[2], leaves[3], g, l], MerkleConsistency.Path(leaves, 3));
        Assert.Equal([l], MerkleConsistency.Path(leaves, 4));
        Assert.Equal([MerkleTree.Root(leaves.AsSpan(4, 2)), leaves[6], k], MerkleConsistency.Path(leaves, 6));
    }

    static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }
}
