using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProbeNet.EndToEnd.Tests.Privacy;

/// <summary>One way to write an address down, and the bytes it leaves.</summary>
/// <param name="Bytes">At least four bytes.</param>
/// <param name="IsShort">It tells 32 bits or less: it occurs by chance in hashes and ciphertext, which the longer forms do not.</param>
sealed record AddressForm(string Name, byte[] Bytes, bool IsShort);

/// <summary>The forms in which an address could rest somewhere: text, hex, raw, base64, and each of them reversed.</summary>
static class AddressForms
{
    internal static IReadOnlyList<AddressForm> Of(IPAddress address)
    {
        var raw = address.GetAddressBytes();
        List<AddressForm> forms = [];
        var brief = raw.Length == 4;
        Add("raw", raw, brief);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            var mapped = address.MapToIPv6();
            Add("mapped raw", mapped.GetAddressBytes());
            Add("mapped text", Text(mapped.ToString()));
            Add("number", Text(BitConverter.ToUInt32([.. raw.Reverse()]).ToString(CultureInfo.InvariantCulture)));
            AddHexAndBase64("mapped ", mapped.GetAddressBytes(), isShort: false);
            Add("dotted reversed", Text(string.Join('.', raw.Reverse())));
        }
        Add("text", Text(address.ToString()));
        // As a database writes out texts that it keeps as bytes.
        Add("hex of text", Text(Convert.ToHexStringLower(Text(address.ToString()))));
        Add("UTF-16 text", Encoding.Unicode.GetBytes(address.ToString()));
        AddHexAndBase64("", raw, brief);
        return forms;

        void AddHexAndBase64(string prefix, byte[] bytes, bool isShort)
        {
            Add(prefix + "hex", Text(Convert.ToHexStringLower(bytes)), isShort);
            Add(prefix + "upper hex", Text(Convert.ToHexString(bytes)), isShort);
            // Inside longer base64 the same bytes look different at each of three alignments.
            for (var shift = 0; shift < 3; shift++)
            {
                var encoded = Convert.ToBase64String([.. new byte[shift], .. bytes]);
                var start = shift == 0 ? 0 : shift + 1;
                var whole = (shift + bytes.Length) * 8 / 6;
                Add($"{prefix}base64 at {shift}", Text(encoded[start..whole]), isShort);
            }
        }

        void Add(string name, byte[] bytes, bool isShort = false)
        {
            forms.Add(new(name, bytes, isShort));
            forms.Add(new(name + " reversed", [.. bytes.Reverse()], isShort));
        }
    }

    static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
