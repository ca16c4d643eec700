using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;
using ProbeNet.Agent.Measurements;

namespace ProbeNet.Agent.Service;

/// <summary>Tells systemd that the service lives, for as long as the measurement loop makes progress (sd_notify(3)).</summary>
sealed class Watchdog(IServiceProvider services, MeasurementProgress progress, TimeProvider time) : BackgroundService
{
    // The loop looks up at least every half minute; what is three times as old hangs.
    static readonly TimeSpan Stale = TimeSpan.FromSeconds(90);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<ISystemdNotifier>() is not { IsEnabled: true } notifier || Interval() is not { } interval)
            return;
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            if (progress.Age < Stale)
                notifier.Notify(new ServiceState("WATCHDOG=1"));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Half of what systemd allows, as sd_watchdog_enabled(3) recommends.
    static TimeSpan? Interval() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 1
            ? TimeSpan.FromMicroseconds(microseconds / 2.0)
            : null;
}
