-- Measurements of OONI's that somebody imported, as they were read, with the verdict that OONI gave them. They enter no cell.
create table ooni_measurement (
    -- Of report, input, time and what was seen: the same file again changes nothing.
    uid              uuid primary key,
    time             timestamptz not null,
    cc               text not null,
    asn              bigint not null,
    input            text not null,
    target           text not null,
    report_id        text not null,
    software_version text not null,
    blocking         text,
    accessible       boolean,
    -- Facts of the probe and of the helper, as in measurement.proto.
    facts            bytea not null,
    helper           bytea,
    imported         date not null
);
create index on ooni_measurement (cc, target, time);
