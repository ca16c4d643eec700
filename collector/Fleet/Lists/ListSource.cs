using System.Net;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>A list's file, here or at an address.</summary>
static class ListSource
{
    static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    /// <exception cref="IOException">It cannot be read; the message names it.</exception>
    public static async Task<Stream> OpenAsync(string fileOrAddress, CancellationToken ct)
    {
        if (!Uri.TryCreate(fileOrAddress, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            return File.OpenRead(fileOrAddress);
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }) { Timeout = Within };
        try
        {
            return new MemoryStream(await client.GetByteArrayAsync(uri, ct));
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"{fileOrAddress}: {e.Message}", e);
        }
        catch (TaskCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"{fileOrAddress}: no answer within {Within.TotalMinutes:0} minutes.", e);
        }
    }
}
