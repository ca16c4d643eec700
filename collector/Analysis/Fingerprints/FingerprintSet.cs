using System.Net;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Fingerprints;

/// <summary>
/// The known marks of blocking. Bodies stay on the agents, so a body pattern is matched there when the test list carries
/// it and reaches the collector as a name; what is matched here are answers, headers, redirects and titles.
/// </summary>
sealed class FingerprintSet
{
    readonly Dictionary<IPAddress, List<Fingerprint>> _addresses = [];
    readonly Dictionary<string, Fingerprint> _byName = new(StringComparer.Ordinal);
    readonly List<(string Header, Fingerprint Fingerprint)> _headers = [];
    readonly List<(string Title, Fingerprint Fingerprint)> _titles = [];

    /// <param name="version">What names the content in a unit day; the same content has the same version.</param>
    public FingerprintSet(IEnumerable<Fingerprint> fingerprints, string version)
    {
        Version = version;
        foreach (var fingerprint in fingerprints)
            Add(fingerprint);
    }

    public static FingerprintSet Empty { get; } = new([], "");

    public string Version { get; }

    /// <summary>What it was read from.</summary>
    public IReadOnlyList<FingerprintSource> Files { get; init; } = [];

    public int Count => _byName.Count;

    public Fingerprint? OfAnswer(IPAddress address, string cc) =>
        _addresses.TryGetValue(address, out var known) ? known.Find(f => f.ExpectedIn(cc)) : null;

    /// <summary>
    /// A blockpage, or a redirect to one. A name that an agent matched counts unless it is known here as a false positive
    /// or as another country's: the test list that carries it is signed.
    /// </summary>
    public BlockpageMatch? OfExchange(HttpObservation exchange, string cc)
    {
        foreach (var name in exchange.Fingerprints)
        {
            var known = _byName.GetValueOrDefault(name);
            if (known is null || (!known.IsFalsePositive && known.ExpectedIn(cc)))
                return new(name, known is { Location: "header.location" });
        }
        foreach (var (header, fingerprint) in _headers)
            if (fingerprint.ExpectedIn(cc) && Value(exchange, header) is { } value && fingerprint.Pattern.Matches(value))
                return new(fingerprint.Name, header == "location");
        if (exchange.Title.Length == 0)
            return null;
        foreach (var (title, fingerprint) in _titles)
            if (fingerprint.ExpectedIn(cc) && exchange.Title == title)
                return new(fingerprint.Name, IsRedirect: false);
        return null;
    }

    /// <summary>All that match anything in the measurement or are named in it, wherever they are expected: nothing else bears on its finding.</summary>
    public IReadOnlyList<Fingerprint> Touching(Observation seen)
    {
        var exchanges = seen.Http.Concat(seen.Arms).ToList();
        return
        [
            .. seen.Dns.SelectMany(query => query.Replies).SelectMany(reply => reply.Addresses).SelectMany(address => _addresses.GetValueOrDefault(address) ?? [])
                .Concat(exchanges.SelectMany(exchange => exchange.Fingerprints).Select(name => _byName.GetValueOrDefault(name)).OfType<Fingerprint>())
                .Concat(_headers.Where(known => exchanges.Exists(e => Value(e, known.Header) is { } value && known.Fingerprint.Pattern.Matches(value))).Select(known => known.Fingerprint))
                .Concat(_titles.Where(known => exchanges.Exists(e => e.Title == known.Title)).Select(known => known.Fingerprint))
                .Distinct(),
        ];
    }

    static string? Value(HttpObservation exchange, string header) =>
        header == "location" && exchange.Location.Length > 0 ? exchange.Location : exchange.Header(header);

    void Add(Fingerprint fingerprint)
    {
        _byName.TryAdd(fingerprint.Name, fingerprint);
        if (fingerprint.IsFalsePositive)
            return;
        if (fingerprint.Location == "dns" && IPAddress.TryParse(fingerprint.Pattern.Text, out var address))
        {
            if (!_addresses.TryGetValue(address, out var known))
                _addresses[address] = known = [];
            known.Add(fingerprint);
        }
        else if (fingerprint.Location.StartsWith("header.", StringComparison.Ordinal))
            _headers.Add((fingerprint.Location["header.".Length..].ToLowerInvariant(), fingerprint));
        else if (TitleOf(fingerprint) is { } title)
            _titles.Add((title, fingerprint));
    }

    // A body pattern that holds a whole title element can be matched on the title alone.
    static string? TitleOf(Fingerprint fingerprint)
    {
        if (fingerprint.Location == "title" && fingerprint.Pattern.Type == "full")
            return fingerprint.Pattern.Text;
        if (fingerprint.Location != "body" || fingerprint.Pattern.Type == "regexp")
            return null;
        const string open = "<title>", close = "</title>";
        var text = fingerprint.Pattern.Text;
        var start = text.IndexOf(open, StringComparison.OrdinalIgnoreCase);
        var end = text.IndexOf(close, StringComparison.OrdinalIgnoreCase);
        if (start < 0 || end <= start)
            return null;
        var title = text[(start + open.Length)..end].Trim();
        // "Error", "403 Forbidden" and their like are everybody's titles.
        return title.Length >= 16 ? title : null;
    }
}

/// <param name="Name">Of the file, without its folder.</param>
/// <param name="Sha256">In lower-case hexadecimal.</param>
sealed record FingerprintSource(string Name, string Sha256);

/// <param name="IsRedirect">The mark is where it sends the visitor, not the page itself.</param>
sealed record BlockpageMatch(string Name, bool IsRedirect);
