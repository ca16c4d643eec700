using System.IO.Compression;
using System.Net;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

public sealed class CompressionTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    [Theory]
    [InlineData("/matrix?cc=XA")]
    [InlineData("/api/v1/matrix?cc=XA")]
    [InlineData("/matrix.csv?cc=XA")]
    [InlineData("/assets/site.css")]
    public async Task Who_takes_gzip_gets_the_same_bytes_in_fewer(string path)
    {
        using var plain = await country.Web.GetAsync(path);
        using var packed = await country.Web.GetAsync(path, null, ("Accept-Encoding", "gzip"));
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", packed.Headers.Vary);
        var (expected, sent) = (await plain.Content.ReadAsByteArrayAsync(WebGround.Ct), await packed.Content.ReadAsByteArrayAsync(WebGround.Ct));
        Assert.True(sent.Length < expected.Length / 2, $"{sent.Length} of {expected.Length}");
        using var unpacked = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(sent), CompressionMode.Decompress))
            await gzip.CopyToAsync(unpacked, WebGround.Ct);
        Assert.Equal(expected, unpacked.ToArray());
        // One tag for both, so that it is a weak one (RFC 9110, 8.8.1).
        Assert.Equal(plain.Headers.ETag, packed.Headers.ETag);
        Assert.True(packed.Headers.ETag?.IsWeak ?? path.StartsWith("/matrix?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/api/v1/exports")]
    public async Task Around_a_sign_in_and_of_files_that_are_asked_for_in_parts_nothing_is_compressed(string path)
    {
        using var answer = await country.Web.GetAsync(path, country.AnalystKey, ("Accept-Encoding", "gzip"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }
}
