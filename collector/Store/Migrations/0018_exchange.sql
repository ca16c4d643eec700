-- What was published of a day as files: a later version never takes the place of an earlier one, it is added. The files themselves are in the
-- state directory and can be made again.
create table dump_version (
    day     date    not null,
    version integer not null check (version > 0),
    -- The day on which it was made: what its rows say of themselves.
    as_of   date    not null,
    -- SHA-256 over what the public sees of the day: the same as long as nothing of it changed.
    content bytea   not null,
    -- The manifest's lines on the files.
    files   jsonb   not null,
    primary key (day, version)
);

create function dump_version_stays() returns trigger language plpgsql as $$
begin
    raise exception 'dump_version is only added to';
end $$;
create trigger dump_version_stays before update or delete or truncate on dump_version for each statement execute function dump_version_stays();

-- What an outside authority signed of the log of days (RFC 3161): that it was so by then.
create table head_stamp (
    -- Of the log, when it was stamped.
    days  bigint primary key,
    token bytea  not null
);
