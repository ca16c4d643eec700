using System.Globalization;
using System.Text.Json;

namespace ProbeNet.Benchmarks.Reads;

/// <summary>What readers ask for, one after the other; a kind that stands here twice is asked twice as often.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
sealed class ReadKinds
{
    readonly ReadsGround _ground;
    readonly string[] _events;
    readonly (string Name, Func<Random, string> Path)[] _kinds;

    ReadKinds(ReadsGround ground, string[] events)
    {
        const string cc = MadeMonth.Country;
        (_ground, _events) = (ground, events);
        _kinds =
        [
            ("matrix of a provider", random => $"api/v1/matrix?cc={cc}&asn={Asn(random)}"),
            ("cell", random => $"api/v1/cells/{cc}/{Host(random)}/{Asn(random)}"),
            ("page of a matrix row", random => $"matrix?cc={cc}&domain={Host(random)}"),
            ("events", _ => $"api/v1/events?cc={cc}"),
            ("matrix of what is blocked", _ => $"api/v1/matrix?cc={cc}&state=blocked"),
            ("page of a site", random => $"cells/{cc}/{Host(random)}"),
            ("attribution", _ => $"api/v1/attribution/{cc}"),
            ("cell", random => $"api/v1/cells/{cc}/{Host(random)}/{Asn(random)}"),
            ("page of a cell", random => $"cells/{cc}/{Host(random)}/{Asn(random)}"),
            ("matrix by mechanism", _ => $"api/v1/matrix?cc={cc}&mechanism=dns"),
            ("page of an event", random => $"events/{Event(random)}"),
            ("page of a provider", random => $"isps/AS{Asn(random)}?cc={cc}"),
            ("overview", _ => "?cc=" + cc),
            ("matrix of a site", random => $"api/v1/matrix?cc={cc}&domain={Host(random)}"),
            ("page of blocked sites", _ => $"matrix?cc={cc}&state=blocked"),
            ("page of a site", random => $"cells/{cc}/{Host(random)}"),
            ("event", random => $"api/v1/events/{Event(random)}"),
            ("page of attribution", _ => $"attribution/{cc}"),
            ("whole matrix", _ => $"api/v1/matrix?cc={cc}"),
            ("page of the month", _ => ReadsGround.Asked("matrix", ground.PublicMonth)),
        ];
    }

    public static async Task<ReadKinds> OfAsync(ReadsGround ground, CancellationToken ct)
    {
        var (body, _) = await ReadsGround.ReadAsync(ground.Public, $"api/v1/events?cc={MadeMonth.Country}", ct);
        using var events = JsonDocument.Parse(body);
        return new(ground, [.. events.RootElement.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)]);
    }

    /// <summary>Half of the readers have an analyst's key.</summary>
    public Question Next(int n, Random random)
    {
        var (name, path) = _kinds[n % _kinds.Length];
        return new(name, random.Next(2) == 0 ? _ground.Analyst : _ground.Public, path(random));
    }

    string Host(Random random) => MadeMonth.HostOf(random.Next(_ground.Made.Targets));

    string Asn(Random random) => MadeMonth.AsnOf(random.Next(_ground.Made.Providers)).ToString(CultureInfo.InvariantCulture);

    string Event(Random random) => _events[random.Next(_events.Length)];
}
