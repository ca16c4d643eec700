using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>
/// Sign-in by an OpenID provider (authorization code with PKCE): who the person is comes from the provider, once; from then on the
/// session is the same as that of a key.
/// </summary>
static class ProviderSignIn
{
    public const string Provider = "provider";

    /// <summary>From the provider's answer to the session, one redirect later.</summary>
    public const string Meanwhile = "meanwhile";

    public const string DonePath = "/sign-in/done";

    const string CallbackPath = "/sign-in/callback";
    const string RedirectUri = "redirect_uri";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // No shared secrets and no "none": what the provider publishes is all that can sign.
    static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static IServiceCollection AddProviderSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section)
            .Validate(o => o.Fault is null, $"{SignInOptions.Section}: {Bound(configuration).Fault}").ValidateOnStart();
        if (!Bound(configuration).IsOn)
            return services;
        // A sign-in under way does not outlive the process, and no key of it is ever written.
        services.AddDataProtection().UseEphemeralDataProtectionProvider().DisableAutomaticKeyGeneration();
        services.AddAuthentication().AddCookie(Meanwhile, Brief).AddOpenIdConnect(Provider, _ => { });
        services.AddOptions<OpenIdConnectOptions>(Provider).Configure<IOptions<SignInOptions>, TimeProvider, ILoggerFactory>((openId, options, time, loggers) => Set(openId, options.Value, time, loggers.CreateLogger(typeof(ProviderSignIn))));
        return services;
    }

    /// <returns>Null where the account has no role here.</returns>
    public static ApiRole? RoleOf(ClaimsPrincipal person, SignInOptions options)
    {
        var values = person.FindAll(options.Claim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        return options.Operators.Any(values.Contains) ? ApiRole.Operator : options.Analysts.Any(values.Contains) ? ApiRole.Analyst : null;
    }

    static SignInOptions Bound(IConfiguration configuration) => configuration.GetSection(SignInOptions.Section).Get<SignInOptions>() ?? new();

    static void Brief(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "probenet-signing-in";
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = DonePath;
        cookie.ExpireTimeSpan = TimeSpan.FromMinutes(1);
        cookie.SlidingExpiration = false;
    }

    static void Set(OpenIdConnectOptions openId, SignInOptions options, TimeProvider time, ILogger logger)
    {
        openId.Authority = options.Authority!.AbsoluteUri;
        openId.ClientId = options.ClientId;
        openId.ClientSecret = options.SecretFile.Length == 0 ? null : File.ReadAllText(options.SecretFile).Trim();
        openId.RequireHttpsMetadata = !options.Authority.IsLoopback;
        openId.SignInScheme = Meanwhile;
        openId.CallbackPath = CallbackPath;
        openId.ResponseType = "code";
        // The answer comes as a link: no form of another site, no cookie that goes along with one.
        openId.ResponseMode = "query";
        openId.Scope.Clear();
        foreach (var scope in options.Scopes.Prepend("openid"))
            openId.Scope.Add(scope);
        openId.UsePkce = true;
        openId.MapInboundClaims = false;
        openId.DisableTelemetry = true;
        openId.RemoteAuthenticationTimeout = Patience;
        openId.BackchannelTimeout = TimeSpan.FromSeconds(15);
        openId.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        foreach (var cookie in new[] { openId.NonceCookie, openId.CorrelationCookie })
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        openId.TokenValidationParameters.ValidAlgorithms = Algorithms;
        openId.TokenValidationParameters.LifetimeValidator = (begin, end, _, parameters) =>
            end >= time.GetUtcNow().UtcDateTime - parameters.ClockSkew && !(begin > time.GetUtcNow().UtcDateTime + parameters.ClockSkew);
        openId.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        openId.Events.OnRedirectToIdentityProvider = context =>
        {
            if (options.Address is { } address)
                context.ProtocolMessage.SetParameter(RedirectUri, new Uri(address, CallbackPath).AbsoluteUri);
            return Task.CompletedTask;
        };
        // Of a token that comes straight from the provider the library does not ask for a signature (OpenID Connect Core, 3.1.3.7); a front between the two could say anything.
        openId.Events.OnTokenValidated = context =>
        {
            if (!Algorithms.Contains(context.SecurityToken.SignatureAlgorithm, StringComparer.Ordinal))
                context.Fail($"The token is signed with \"{context.SecurityToken.SignatureAlgorithm}\".");
            return Task.CompletedTask;
        };
        openId.Events.OnRemoteFailure = context =>
        {
            SignInLog.Failed(logger, context.Failure?.GetBaseException().Message ?? "no reason");
            context.HandleResponse();
            context.Response.Redirect(DonePath);
            return Task.CompletedTask;
        };
    }
}
