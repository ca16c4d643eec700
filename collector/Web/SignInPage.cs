namespace ProbeNet.Collector.Web;

static class SignInPage
{
    /// <param name="refused">The key just given opens nothing.</param>
    /// <param name="provider">Whose accounts may sign in, too; null without any.</param>
    public static Html Content(bool refused, Uri? provider, Reader reader) => Html.Of($"""
        {(provider is null ? Html.Nothing : Html.Of($"""<p>{reader.Link("/sign-in/" + ProviderSignIn.Provider, reader.Say("Sign in with an account at {0}", provider.Host))}</p>"""))}
        <h1>{reader.Say("Sign in with a key")}</h1>
        <p>{reader.Say("Cells and aggregates need no key. Single measurements and their evidence do: ask the operator of this collector for one.")}</p>
        {(refused ? Html.Of($"""<p class="empty" role="alert">{reader.Say("This key is unknown or was revoked.")}</p>""") : Html.Nothing)}
        <form method="post" action="/sign-in">
        <label>{reader.Say("Key")} <input type="password" name="key" autocomplete="current-password" required size="46" autofocus></label>
        <button>{reader.Say("Sign in")}</button>
        </form>
        <p>{reader.Say("A cookie keeps you signed in for twelve hours on this browser. Whoever only reads the public pages gets none.")}</p>
        """);

    public static Html Done(Reader reader) => Html.Of($"""
        <h1>{reader.Say("You are signed in.")}</h1>
        <p>{reader.Link("/", reader.Say("To the overview"))}</p>
        """);

    public static Html Failed(Reader reader) => Html.Of($"""
        <h1>{reader.Say("You could not be signed in.")}</h1>
        <p class="empty" role="alert">{reader.Say("Begin again, or ask the operator of this collector: an account needs a role here.")}</p>
        <p>{reader.Link("/sign-in", reader.Say("Sign in"))}</p>
        """);
}
