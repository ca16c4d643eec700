namespace ProbeNet.Protos;

/// <summary>What a network operation ended with, in the closed vocabulary of OONI df-007. The empty string is success.</summary>
public static class FailureCodes
{
    public const string None = "";

    public const string AddressFamilyNotSupported = "address_family_not_supported";
    public const string ConnectionAborted = "connection_aborted";
    public const string ConnectionRefused = "connection_refused";
    public const string ConnectionReset = "connection_reset";
    public const string HostUnreachable = "host_unreachable";
    public const string NetworkDown = "network_down";
    public const string NetworkUnreachable = "network_unreachable";
    public const string NetworkReset = "network_reset";
    public const string NoBufferSpace = "no_buffer_space";
    public const string PermissionDenied = "permission_denied";
    public const string TimedOut = "timed_out";

    public const string DnsNxdomain = "dns_nxdomain_error";
    public const string DnsNoAnswer = "dns_no_answer";
    public const string DnsRefused = "dns_refused_error";
    public const string DnsServfail = "dns_server_failure";
    public const string DnsServerMisbehaving = "dns_server_misbehaving";
    public const string DnsNonRecoverable = "dns_non_recoverable_failure";
    public const string DnsTemporary = "dns_temporary_failure";
    public const string DnsBogon = "dns_bogon_error";

    public const string EofError = "eof_error";
    public const string GenericTimeout = "generic_timeout_error";
    public const string Interrupted = "interrupted";
    public const string JsonParseError = "json_parse_error";
    public const string HttpRequestFailed = "http_request_failed";
    public const string HttpUnexpectedRedirectUrl = "http_unexpected_redirect_url";
    public const string HttpNoHostInUrl = "http_no_host_found";

    public const string SslHandshakeFailed = "ssl_failed_handshake";
    public const string SslInvalidCertificate = "ssl_invalid_certificate";
    public const string SslInvalidHostname = "ssl_invalid_hostname";
    public const string SslUnknownAuthority = "ssl_unknown_authority";

    public const string QuicIncompatibleVersion = "quic_incompatible_version";

    /// <summary>Start of the code for what no other names; a scrubbed text follows.</summary>
    public const string UnknownFailurePrefix = "unknown_failure: ";
}
