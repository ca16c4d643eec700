using ProbeNet.Collector.Api;
using ProbeNet.Collector.Api.Dumps;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>The daily files: read as REST reads them, then drawn.</summary>
sealed class DumpPages(PageFrame frame, DumpVersions versions, Attributions attributions, Publication publication)
{
    public async Task<IResult> ListAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        DumpView[] dumps = [.. (await versions.NewestAsync(ct)).Select(DumpView.Of)];
        return await frame.ShowAsync(reader.Say("Daily files"), DumpPage.Content(dumps, publication.Licence, await attributions.OfAsync(ct), publication.MinimumUnits, reader), reader, ct);
    }
}
