-- Network of the resolver that really asked on the volunteer's behalf; 0 where it was not found out, and in rows that were stored before this column.
alter table measurement_late add column resolver_asn bigint not null default 0;
alter table measurement add column resolver_asn bigint not null default 0;
create or replace view measurement_all as select * from measurement union all select * from measurement_late;
