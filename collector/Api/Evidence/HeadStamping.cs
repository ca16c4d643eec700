using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Has the newest state of the log of days stamped by an outside authority, where one is named. The log never waits for it.</summary>
sealed partial class HeadStamping(LogQueries log, HeadStamps stamps, IOptions<TimestampOptions> options, TimeProvider time, ILogger<HeadStamping> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Authority is not { } authority)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        do
            await RunOnceAsync(authority, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>False where there was nothing to stamp, or the authority is to be asked again.</returns>
    public async Task<bool> RunOnceAsync(Uri authority, CancellationToken ct)
    {
        try
        {
            var heads = await log.HeadsAsync(ct);
            if (heads.Count == 0 || (await stamps.NewestAsync(ct))?.Days >= heads.Count)
                return false;
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience };
            await stamps.AddAsync(new(heads.Count, await TimestampAuthority.StampAsync(http, authority, LogHead.Of(heads).Statement(), ct)), ct);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or CryptographicException or IOException or NpgsqlException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            LogAway(logger, e.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of days could not be stamped ({Reason}); the authority is asked again within the hour")]
    static partial void LogAway(ILogger logger, string reason);
}
