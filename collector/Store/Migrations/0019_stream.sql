-- What was said of a cell last. Whoever follows the stream is told of those with a later position than his; there is one row a cell, so that it does not grow.
create table cell_told (
    cc       text   not null,
    target   text   not null,
    asn      bigint not null,
    host     text   not null,
    -- State, reason, mechanisms, place and onset; empty where nothing is measured any more.
    says     text   not null,
    -- In the order of commits; null until it is numbered.
    position bigint,
    primary key (cc, target, asn)
);
create index on cell_told (cc, host);
create unique index on cell_told (position);
create index on cell_told (cc) where position is null;
create sequence cell_told_position;
