using System.Net;
using System.Text;

namespace ProbeNet.Lab.Interference;

/// <summary>What boxes send in a server's place.</summary>
static class FalseResponses
{
    // RFC 8446, 6: a fatal alert, access_denied.
    public static byte[] Alert { get; } = [21, 3, 3, 0, 2, 2, 49];

    public static byte[] Empty { get; } = Response("200 OK", "", "");

    public static byte[] Redirect(IPAddress page) => Response("302 Found", "", $"Location: http://{page}/\r\n");

    public static byte[] Status(string status) => Response(status, "<html><head><title>Refused</title></head><body><h1>Refused</h1></body></html>", "");

    static byte[] Response(string status, string page, string headers) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status}\r\nServer: laboratory-box\r\nContent-Type: text/html\r\n{headers}Content-Length: {page.Length}\r\nConnection: close\r\n\r\n{page}");
}
