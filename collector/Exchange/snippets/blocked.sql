-- Sites that were blocked, by day and provider, from files that were fetched before: duckdb -csv < blocked.sql
select strftime(since at time zone 'UTC', '%Y-%m-%d') as day, asn, isp, count(*) as blocked
from 'cells-*.parquet'
where state in ('blocked', 'likely_blocked')
group by all
order by day, asn;
