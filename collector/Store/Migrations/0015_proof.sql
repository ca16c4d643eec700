-- What was withdrawn leaves its leaf: the others of its batch can still prove their way to the signed root. A leaf is a salted hash.
alter table tombstone
    add column batch      bytea,
    add column leaf_index smallint,
    add column leaf       bytea;
create index on tombstone (batch);

-- The log of days only grows.
create function tree_head_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'tree_head is append-only';
end $$;
create trigger tree_head_append_only before update or delete or truncate on tree_head
    for each statement execute function tree_head_is_append_only();

-- Which rows are public, at day grain, by whom and why; kept as long as the rows.
create table row_publication (
    index  bigint generated always as identity primary key,
    uid    uuid        not null unique,
    time   timestamptz not null,
    day    date        not null,
    who    text        not null,
    reason text        not null
);
