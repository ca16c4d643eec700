using System.Globalization;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>How a provider is called: its name with its number, or the number alone.</summary>
static class IspName
{
    public static string Of(IspView isp) => Of(isp.Asn, isp.Name);

    public static string Of(long asn, string? name) => name is null ? Number(asn) : $"{name} ({Number(asn)})";

    /// <summary>Where there is little room.</summary>
    public static string Short(long asn, string? name) => name ?? Number(asn);

    public static Html Link(long asn, string? name, Reader reader) => reader.Link($"/isps/{Number(asn)}", Of(asn, name));

    static string Number(long asn) => "AS" + asn.ToString(CultureInfo.InvariantCulture);
}
