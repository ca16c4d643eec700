using System.Net;
using System.Text;

namespace ProbeNet.Lab.Interference;

/// <summary>The page of the ISP's that stands in a site's place.</summary>
static class PageReplaced
{
    /// <summary>What an ISP would print about its customer; a fixed invention, so that a search at rest can look for it.</summary>
    public const string Telephone = "+855 12 345 678";
    public const string Account = "4407123988";

    public const string Heading = "This website is not available";

    public static string Page(IPAddress? visitor)
    {
        var title = visitor is null ? "Access restricted" : $"Access restricted for {visitor}";
        var who = visitor is null ? "" : $"<p>Your address: {visitor}. Your telephone: {Telephone}. Your account: {Account}.</p>";
        return $"<html><head><title>{title}</title></head><body><h1>{Heading}</h1><p>Access was restricted by order of the laboratory.</p>{who}</body></html>";
    }

    public static byte[] Response(IPAddress? visitor)
    {
        var page = Page(visitor);
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nServer: laboratory-filter\r\nContent-Type: text/html\r\nContent-Length: {page.Length}\r\nConnection: close\r\n\r\n{page}");
    }
}
