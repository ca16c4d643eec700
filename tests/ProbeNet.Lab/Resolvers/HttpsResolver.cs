using System.Net;
using Microsoft.AspNetCore.Http;

namespace ProbeNet.Lab.Resolvers;

/// <summary>DNS over HTTPS (RFC 8484), GET and POST.</summary>
static class HttpsResolver
{
    const string MediaType = "application/dns-message";

    /// <param name="own">The resolver's own address, with which it asks.</param>
    public static RequestDelegate Of(Authority authority, IPAddress own) => async context =>
    {
        var query = context.Request.Path == "/dns-query" ? DnsMessage.Read(await Question(context.Request)) : null;
        if (query is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var reply = query.Reply(authority.Answer(query.Name, own), authoritative: false);
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply);
    };

    static async Task<byte[]> Question(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method))
        {
            var text = request.Query["dns"].ToString().Replace('-', '+').Replace('_', '/');
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
