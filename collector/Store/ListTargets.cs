using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Store;

/// <summary>What the lists in force ask for, and the providers of a country.</summary>
sealed class ListTargets(NpgsqlDataSource source)
{
    const string InForce = "select list, max(version) as version from list_release group by list";

    // Of lists released for the country $1 or for all.
    const string Entries =
        $"""
        select case when e.page then e.input else e.target end as target, e.input, e.category_code, e.list, e.position
        from list_entry e join ({InForce}) f on f.list = e.list and f.version = e.version
        join list_release r on r.list = e.list and r.version = e.version
        where cardinality(r.target_cc) = 0 or $1 = any(r.target_cc)
        """;

    /// <summary>By name. Entries of one host are one target, unless they are pages.</summary>
    /// <param name="cc">Lists released for this country or for all.</param>
    public async Task<IReadOnlyList<MatrixTarget>> OfAsync(string cc, CancellationToken ct)
    {
        await using var command = source.Command(
            $"select distinct on (t.target) t.target, t.input, t.category_code from ({Entries}) t order by t.target, t.list, t.position", cc);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var targets = new List<MatrixTarget>();
        while (await reader.ReadAsync(ct))
            targets.Add(Read(reader));
        return targets;
    }

    /// <summary>The target of that name; where there is none, of that input, or of the host that the name is another writing of. Null where no list asks for it.</summary>
    /// <param name="cc">As for all of them.</param>
    public async Task<MatrixTarget?> FindAsync(string cc, string name, CancellationToken ct)
    {
        await using var command = source.Command(
            $"""
            select t.target, t.input, t.category_code from ({Entries}) t where t.target in ($2, $3) or t.input = $2
            order by case when t.target = $2 then 0 when t.input = $2 then 1 else 2 end, t.list, t.position limit 1
            """, cc, name, HostName.Normal(name));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>Inputs that are targets of their own.</summary>
    public async Task<IReadOnlySet<string>> PagesAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"select distinct e.input from list_entry e join ({InForce}) f on f.list = e.list and f.version = e.version where e.page");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var pages = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            pages.Add(reader.GetString(0));
        return pages;
    }

    /// <summary>Every provider that was ever measured from.</summary>
    public async Task<IReadOnlyList<(string Cc, long Asn)>> ProvidersAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand("select cc, asn from isp order by cc, asn");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var providers = new List<(string, long)>();
        while (await reader.ReadAsync(ct))
            providers.Add((reader.GetString(0), reader.GetInt64(1)));
        return providers;
    }

    /// <summary>ASNs, ascending, and whether anything was measured from them in the window.</summary>
    /// <param name="asn">Null for every one that was ever measured from.</param>
    public async Task<IReadOnlyList<(long Asn, bool Measured)>> IspsAsync(string cc, long? asn, CellWindow window, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select i.asn, exists (select 1 from unit_day u where u.cc = i.cc and u.asn = i.asn and u.day >= $2 and u.day < $3)
            from isp i where i.cc = $1 and ($4::bigint is null or i.asn = $4) order by i.asn
            """, cc, window.Since, window.Until, asn);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var isps = new List<(long, bool)>();
        while (await reader.ReadAsync(ct))
            isps.Add((reader.GetInt64(0), reader.GetBoolean(1)));
        return isps;
    }

    static MatrixTarget Read(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetString(2));
}
