using System.Security.Cryptography.X509Certificates;

namespace ProbeNet.Collector.Service.Checks;

/// <summary>How the collector looks from outside, and the tables it was given.</summary>
static class AddressChecks
{
    const int HttpsPort = 443;

    static readonly TimeSpan OldTable = TimeSpan.FromDays(60);
    static readonly TimeSpan SoonExpired = TimeSpan.FromDays(14);

    public static IEnumerable<Check> All(IConfiguration configuration, TimeProvider time)
    {
        yield return Addresses(configuration);
        yield return Port(configuration);
        yield return Certificate(configuration, time);
        yield return Table(configuration, time);
    }

    static Check Addresses(IConfiguration configuration) => PublicAddresses.AreSet(configuration)
        ? Check.Ok("public address", string.Join(", ", PublicAddresses.Of(configuration)))
        : Check.Warn("public address", "None is set: invites name this machine.", "Set Collector__PublicAddresses__0 to what volunteers can reach, as https://…");

    static Check Port(IConfiguration configuration) => PublicAddresses.Of(configuration).Where(address => address.Port != HttpsPort).ToList() switch
    {
        [] => Check.Ok("port", "Agents come to port 443, as to any site."),
        var odd => Check.Warn("port", $"Agents come to port {odd[0].Port}, which stands out in a provider's records.", "Offer port 443, by a front or a port forwarding."),
    };

    static Check Certificate(IConfiguration configuration, TimeProvider time)
    {
        if (!AgentsCertificate.IsNeeded(configuration))
            return Check.Ok("certificate", "Kestrel's own settings name it, or a front has it.");
        if (AgentsCertificate.IsSelfMade(configuration))
            return Check.Warn("certificate", "It is self-made, which stands out to a scanner.", "Set Collector__Certificate to one that an ordinary authority issued.");
        try
        {
            using X509Certificate2 certificate = AgentsCertificate.Load(configuration, time).Certificate;
            var left = certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
            var said = $"It is valid until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.";
            return left <= TimeSpan.Zero ? Check.Fail("certificate", said, "Renew it: agents refuse it.")
                : left < SoonExpired ? Check.Warn("certificate", said, "Renew it.")
                : Check.Ok("certificate", said);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Check.Fail("certificate", e.Message, "Correct Collector__Certificate.");
        }
    }

    static Check Table(IConfiguration configuration, TimeProvider time)
    {
        if (configuration["Collector:AsnTable"] is not { Length: > 0 } path)
            return Check.Warn("networks", "There is no table of networks: what agents say of theirs never supports 'blocked'.", "Set Collector__AsnTable to an ip2asn file or an MMDB.");
        if (!File.Exists(path))
            return Check.Fail("networks", $"There is no {path}.", "Correct Collector__AsnTable.");
        var age = time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path);
        var said = $"{path} is {Math.Max(0, (int)age.TotalDays)} days old.";
        return age > OldTable ? Check.Warn("networks", said, "Fetch a newer one: prefixes move between networks.") : Check.Ok("networks", said);
    }
}
