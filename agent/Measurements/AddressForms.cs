using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProbeNet.Agent.Measurements;

/// <summary>Every way in which a page is likely to print one address: what has to be looked for to remove it.</summary>
static class AddressForms
{
    /// <summary>Longest first, so that no form is cut out of a longer one. Compare without regard to case.</summary>
    public static IEnumerable<string> Of(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        var forms = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (plain.AddressFamily == AddressFamily.InterNetwork)
            AddV4(forms, plain.GetAddressBytes());
        else
            AddV6(forms, plain);
        return forms.OrderByDescending(form => form.Length);
    }

    static void AddV4(HashSet<string> forms, byte[] bytes)
    {
        var dotted = new IPAddress(bytes).ToString();
        foreach (var separator in new[] { ".", "%2E", "-", "_", "[.]", "&#46;", "%252E" })
            forms.Add(dotted.Replace(".", separator, StringComparison.Ordinal));
        forms.Add(string.Join('.', bytes.Select(b => b.ToString("D3", CultureInfo.InvariantCulture))));
        forms.Add(string.Join('.', bytes.Reverse().Select(b => b.ToString(CultureInfo.InvariantCulture))));
        forms.Add(Convert.ToHexString(bytes));
        forms.Add(string.Join(':', bytes.Chunk(2).Select(Convert.ToHexString)));
        forms.Add(string.Join('.', bytes.Select(b => "0x" + b.ToString("x", CultureInfo.InvariantCulture))));
        AddEncodings(forms, dotted);
        forms.Add(Convert.ToBase64String(bytes));
        AddBase64(forms, bytes);
    }

    static void AddV6(HashSet<string> forms, IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var groups = bytes.Chunk(2).Select(pair => Convert.ToHexString(pair)).ToArray();
        var trimmed = groups.Select(group => group.TrimStart('0') is { Length: > 0 } rest ? rest : "0");
        foreach (var text in new[] { address.ToString(), string.Join(':', groups), string.Join(':', trimmed) })
        {
            foreach (var separator in new[] { ":", "%3A", "-", "&#58;", "%253A" })
                forms.Add(text.Replace(":", separator, StringComparison.Ordinal));
            AddEncodings(forms, text.ToLowerInvariant());
        }
        forms.Add(Convert.ToHexString(bytes));
        AddBase64(forms, bytes);
    }

    static void AddEncodings(HashSet<string> forms, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        forms.Add(Convert.ToHexString(bytes));
        AddBase64(forms, bytes);
    }

    // Inside a longer base64 text the bytes may begin at any of three places; what does not depend on the neighbours is
    // looked for. Below six letters it would be found by chance.
    static void AddBase64(HashSet<string> forms, byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var first = (before * 8 + 5) / 6;
            var last = (before + bytes.Length) * 8 / 6;
            if (last - first < 6)
                continue;
            var stable = encoded[first..last];
            forms.Add(stable);
            forms.Add(stable.Replace('+', '-').Replace('/', '_'));
        }
    }
}
