-- How each provider blocked before anything is compared with it: frozen when its period is over, for ever.
create table move_baseline (
    index bigint  primary key,
    cc    text    not null,
    asn   bigint  not null,
    -- Versions of the rules and fingerprints that its days were judged under.
    rules text    not null,
    -- One line of JSON; the columns before say nothing that it does not.
    text  text    not null,
    -- SHA-256 of the hash before it and the text: whoever alters one alters all that follow.
    hash  bytea   not null
);
create index on move_baseline (cc, asn);

create function move_baseline_stays() returns trigger language plpgsql as $$
begin
    raise exception 'move_baseline is only added to';
end $$;
create trigger move_baseline_stays before update or delete or truncate on move_baseline for each statement execute function move_baseline_stays();
