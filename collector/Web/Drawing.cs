namespace ProbeNet.Collector.Web;

/// <summary>What stands inside a picture, and how large it is.</summary>
sealed record Drawing(Html Content, int Width, int Height)
{
    /// <param name="summary">One sentence that says what is to be seen.</param>
    public Html InPage(string summary) => Html.Of($"""
        <div class="scroll chart" role="group" aria-label="{summary}" tabindex="0">
        <svg viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" aria-label="{summary}">
        {Content}
        </svg></div>
        """);
}
