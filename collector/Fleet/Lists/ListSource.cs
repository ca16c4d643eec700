using System.Net;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Where a list's files are: a file, a folder of Citizen Lab's or the address of either.</summary>
static class ListSource
{
    const string Global = "global";

    static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    /// <summary>The files that are meant. Of a folder those are the country's list and the global one, the country's first: what it says of a site goes before.</summary>
    /// <param name="cc">Empty where no country was named.</param>
    /// <exception cref="IOException">A folder was given and no country.</exception>
    public static IReadOnlyList<string> FilesOf(string fileOrAddress, string cc)
    {
        var isAddress = IsAddress(fileOrAddress, out _);
        if (isAddress ? !fileOrAddress.EndsWith('/') : !Directory.Exists(fileOrAddress))
            return [fileOrAddress];
        if (cc.Length == 0)
            throw new IOException($"{fileOrAddress} is a folder: say with --cc whose list it is that goes with the global one.");
        return [.. new[] { cc.ToLowerInvariant(), Global }.Select(name => isAddress ? $"{fileOrAddress}{name}.csv" : Path.Combine(fileOrAddress, name + ".csv"))];
    }

    /// <exception cref="IOException">It cannot be read; the message names it.</exception>
    public static async Task<Stream> OpenAsync(string fileOrAddress, CancellationToken ct)
    {
        if (!IsAddress(fileOrAddress, out var uri))
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

    static bool IsAddress(string text, out Uri? uri) => Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.Scheme is "https" or "http";
}
