namespace ProbeNet.Collector.Web;

/// <summary>Collector:Web:SignIn. Without an authority people sign in with a key alone.</summary>
sealed class SignInOptions
{
    public const string Section = "Collector:Web:SignIn";

    /// <summary>Issuer of an OpenID provider whose accounts may sign in, as https://…; plain http on this machine alone.</summary>
    public Uri? Authority { get; set; }

    /// <summary>As the provider knows this collector.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>A file that holds the client's secret; empty where the provider gave none.</summary>
    public string SecretFile { get; set; } = "";

    /// <summary>Asked for besides "openid", where the provider wants that for its claims.</summary>
    public string[] Scopes { get; set; } = [];

    /// <summary>The claim of the ID token that says what an account may do.</summary>
    public string Claim { get; set; } = "groups";

    /// <summary>Values of that claim that make an operator.</summary>
    public string[] Operators { get; set; } = [];

    /// <inheritdoc cref="Operators"/>
    public string[] Analysts { get; set; } = [];

    /// <summary>Where the pages are reached, when a front ends TLS: the provider sends people back there. Without it, where they asked.</summary>
    public Uri? Address { get; set; }

    public bool IsOn => Authority is not null;

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Fault => Authority is null ? null
        : !Authority.IsAbsoluteUri || !(Authority.Scheme == Uri.UriSchemeHttps || (Authority.Scheme == Uri.UriSchemeHttp && Authority.IsLoopback)) ? "Authority is an https address (http on this machine alone)."
        : ClientId.Length == 0 ? "ClientId is missing."
        : SecretFile.Length > 0 && !File.Exists(SecretFile) ? "there is no file SecretFile."
        : Claim.Length == 0 || Operators.Length + Analysts.Length == 0 ? "name the Claim and its values for Operators or Analysts."
        : Address is { IsAbsoluteUri: false } ? "Address is an address as https://…"
        : null;
}
