using System.Security.Cryptography;
using System.Text;

namespace ProbeNet.Agent.Probes.Quic;

/// <summary>A TLS 1.3 ClientHello for HTTP/3 (RFC 8446, 4.1.2; RFC 9001, 8). It is never continued: the first answer is the result.</summary>
static class ClientHello
{
    const int ServerName = 0, Groups = 10, SignatureAlgorithms = 13, Alpn = 16, Versions = 43, KeyExchangeModes = 45, KeyShare = 51, TransportParameters = 57;
    const int NamedCurveP256 = 23;

    /// <param name="connection">The client's own connection identifier, which the transport parameters repeat.</param>
    public static byte[] Write(string serverName, ReadOnlySpan<byte> connection)
    {
        var extensions = new ByteWriter();
        var name = new ByteWriter().Byte(0).Long(Encoding.ASCII.GetBytes(serverName)).ToArray();
        Add(extensions, ServerName, new ByteWriter().Long(name));
        Add(extensions, Groups, new ByteWriter().Long([0, NamedCurveP256]));
        Add(extensions, SignatureAlgorithms, new ByteWriter().Long([4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1]));
        Add(extensions, Alpn, new ByteWriter().Long(new ByteWriter().Short("h3"u8).ToArray()));
        Add(extensions, Versions, new ByteWriter().Short([3, 4]));
        Add(extensions, KeyExchangeModes, new ByteWriter().Short([1]));
        Add(extensions, KeyShare, new ByteWriter().Long(new ByteWriter().Word(NamedCurveP256).Long(PublicPoint()).ToArray()));
        Add(extensions, TransportParameters, Parameters(connection));
        var body = new ByteWriter()
            .Word(0x0303).Raw(RandomNumberGenerator.GetBytes(32)).Short([])
            .Long([0x13, 1, 0x13, 2, 0x13, 3]).Short([0])
            .Long(extensions.ToArray()).ToArray();
        return new ByteWriter().Byte(1).Byte(body.Length >> 16).Word(body.Length & 0xffff).Raw(body).ToArray();
    }

    static void Add(ByteWriter extensions, int type, ByteWriter content) => extensions.Word(type).Long(content.ToArray());

    static byte[] PublicPoint()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!];
    }

    // RFC 9000, 18.2: idle timeout, datagram size, windows and stream limits of an ordinary client.
    static ByteWriter Parameters(ReadOnlySpan<byte> connection)
    {
        var parameters = new ByteWriter();
        Number(1, 30_000);
        Number(3, 1472);
        Number(4, 1 << 20);
        Number(5, 1 << 18);
        Number(6, 1 << 18);
        Number(7, 1 << 18);
        Number(8, 100);
        Number(9, 100);
        return parameters.Number(15).Number((uint)connection.Length).Raw(connection);

        void Number(uint id, uint value)
        {
            var content = new ByteWriter().Number(value).ToArray();
            parameters.Number(id).Number((uint)content.Length).Raw(content);
        }
    }
}
