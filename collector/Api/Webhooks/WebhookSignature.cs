using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProbeNet.Collector.Api.Webhooks;

/// <summary>Secrets and signatures as the specification Standard Webhooks (1.0) has them.</summary>
static class WebhookSignature
{
    const string Prefix = "whsec_";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(32);

    public static string TextOf(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    /// <returns>The value of the header webhook-signature.</returns>
    public static string Of(byte[] secret, string id, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{time.ToUnixTimeSeconds()}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>The id of the message of a line of the log: the same however often it is made, and it says nothing of the line.</summary>
    public static string IdOf(byte[] secret, long line) =>
        "msg_" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"line {line}"))).AsSpan(0, 16));
}
