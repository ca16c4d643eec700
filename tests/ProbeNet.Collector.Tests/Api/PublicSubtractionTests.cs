using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>
/// No two public answers differ by what too few saw. It is shown in the strongest form: where all that is taken away that no answer may
/// tell of, every answer stays the same to the letter, so that no number of them can be subtracted to find it.
/// </summary>
public sealed class PublicSubtractionTests : IAsyncLifetime
{
    const int Fewest = 3;

    // Each test takes of its own.
    readonly SparseCountry _country = new();

    // The long form has every window.
    static bool IsLong => Environment.GetEnvironmentVariable("PROBENET_FULL") == "1";

    static string[] Filters => ["", "&asn=64501", "&state=blocked", "&min_units=6"];

    public ValueTask InitializeAsync() => _country.InitializeAsync();

    public ValueTask DisposeAsync() => _country.DisposeAsync();

    [Fact]
    public async Task Windows_filters_and_groups_tell_nothing_of_days_on_which_too_few_looked()
    {
        var targets = await TargetsAsync();
        string[] paths = [.. Windows().SelectMany(window => Filters.Select(filter => $"/api/v1/matrix?cc=XA&{window}{filter}")),
            .. Windows().Select(window => $"/api/v1/attribution/XA?{window}"),
            .. Windows().SelectMany(window => targets.Select(target => $"/cells/XA/{target}?{window}")),
            .. Windows().SelectMany(window => targets.SelectMany(target => new[] { $"/api/v1/cells/XA/{target}/64501?{window}", $"/api/v1/cells/XA/{target}/64503?{window}" }))];
        var before = await AnswersAsync(paths);
        var pairs = before.Values.Distinct(StringComparer.Ordinal).Count();
        Assert.True(pairs > Windows().Count(), $"{pairs} different answers");

        var taken = await TakeAsync(
            $"""
            delete from unit_day u using (
                select cc, target, asn, day from unit_day where cc = 'XA' group by cc, target, asn, day
                having count(distinct unit) filter (where n > 0 or outcomes[5] > 0) < {Fewest}
            ) few where u.cc = few.cc and u.target = few.target and u.asn = few.asn and u.day = few.day
            """);
        Assert.True(taken > 100, $"{taken} unit days taken away");
        Assert.Empty(Different(before, await AnswersAsync(paths)));
    }

    [Fact]
    public async Task Figures_of_providers_tell_nothing_of_their_days_on_which_too_few_measured()
    {
        // One volunteer alone is left to the first provider on some days.
        Assert.True(await TakeAsync(
            "delete from unit_day u where cc = 'XA' and asn = 64501 and day - date '2026-03-02' in (3, 6, 7) and unit <> (select unit from unit_day where cc = 'XA' and asn = 64501 order by unit limit 1)") > 0);
        string[] paths = [.. Windows().SelectMany(window => new[] { $"/api/v1/isps?cc=XA&{window}", $"/api/v1/coverage?cc=XA&{window}", $"/isps/AS64501?{window}" })];
        var before = await AnswersAsync(paths);
        var taken = await TakeAsync(
            $"""
            delete from unit_day u using (select cc, asn, day from unit_day where cc = 'XA' group by cc, asn, day having count(distinct unit) < {Fewest}) few
            where u.cc = few.cc and u.asn = few.asn and u.day = few.day
            """);
        Assert.True(taken > 0);
        Assert.Empty(Different(before, await AnswersAsync(paths)));
    }

    // All windows of the public days that are nested in one another or moved by a day.
    static IEnumerable<string> Windows() =>
        from since in Enumerable.Range(0, SparseCountry.Days - 1)
        from until in Enumerable.Range(since + 1, SparseCountry.Days - 1 - since)
        where (since % 4 == 0 && until - since is (1 or 7 or 8)) || IsLong
        select $"since={SparseCountry.Day(since):yyyy-MM-dd}&until={SparseCountry.Day(until):yyyy-MM-dd}";

    async Task<IReadOnlyList<string>> TargetsAsync()
    {
        await using var command = _country.Source.CreateCommand("select target from unit_day where cc = 'XA' group by target order by count(*) filter (where k > 0) desc, target limit 2");
        await using var reader = await command.ExecuteReaderAsync(WebGround.Ct);
        var targets = new List<string>();
        while (await reader.ReadAsync(WebGround.Ct))
            targets.Add(reader.GetString(0));
        return targets;
    }

    async Task<int> TakeAsync(string sql)
    {
        await using var command = _country.Source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(WebGround.Ct);
    }

    async Task<Dictionary<string, string>> AnswersAsync(IEnumerable<string> paths)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            using var answer = await _country.Web.GetAsync(path);
            answers[path] = $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(WebGround.Ct)}";
        }
        return answers;
    }

    static IEnumerable<string> Different(Dictionary<string, string> before, Dictionary<string, string> after) =>
        before.Where(answer => after[answer.Key] != answer.Value).Select(answer => answer.Key).Take(10);
}
