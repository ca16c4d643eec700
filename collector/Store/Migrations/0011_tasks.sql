-- What sights of more homes would decide: volunteers of the provider are asked to look again, within Collector:Tasks. Gone once it is
-- decided, or a day old.
create table task_wish (
    cc     text        not null,
    host   text        not null,
    target text        not null,
    asn    bigint      not null,
    -- The first sight that counts. Another is another question.
    since  timestamptz not null,
    -- Groups that need not be asked.
    heard  bytea[]     not null,
    -- Homes that are still to be asked, the next not before.
    wanted integer     not null,
    due    timestamptz not null,
    primary key (cc, target, asn)
);
create index on task_wish (cc, asn) where wanted > 0;
create index on task_wish (cc, host);

-- Who was asked: nobody for the same target twice a day, nor too often. Gone with the day.
create table task_given (
    unit   bytea not null,
    day    date  not null,
    target text  not null,
    primary key (unit, day, target)
);

-- How many of a provider were asked in an hour. Gone with the day.
create table task_hour (
    cc    text        not null,
    asn   bigint      not null,
    hour  timestamptz not null,
    given integer     not null,
    primary key (cc, asn, hour)
);
