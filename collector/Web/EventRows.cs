using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Events as rows, wherever they are listed.</summary>
static class EventRows
{
    public static Html Of(IReadOnlyList<EventView> events, string caption, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{caption}" tabindex="0">
        <table class="facts"><caption>{caption}</caption>
        <thead><tr><th scope="col">{reader.Say("What")}</th><th scope="col">{reader.Say("Site")}</th><th scope="col">{reader.Say("Country")}</th><th scope="col">{reader.Say("When (UTC)")}</th><th scope="col">{reader.Say("Providers")}</th><th scope="col">{reader.Say("Spread")}</th><th scope="col">{reader.Say("Mechanisms")}</th><th scope="col">{reader.Say("Standing")}</th></tr></thead><tbody>
        {events.Select(e => Row(e, reader))}
        </tbody></table></div>
        """);

    static Html Row(EventView e, Reader reader) => Html.Of($"""
        <tr><td>{EventLook.Mark(e.Kind, reader)}</td><th scope="row">{reader.Link("/events/" + e.Id, e.Domain)}</th><td>{e.Cc}</td><td>{BracketText.Between(e.At, reader)}</td><td>{EventLook.Isps(e)}</td><td>{EventLook.Spread(e, reader)}</td><td class="mechanism">{string.Join(", ", e.Isps.SelectMany(isp => isp.Mechanisms).Distinct())}</td><td>{reader.Say(EventLook.Standing(e.Status))}</td></tr>

        """);
}
