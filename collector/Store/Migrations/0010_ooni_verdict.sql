-- The rest of OONI's verdict: a page that opens may still have come by a false answer.
alter table ooni_measurement add column dns_consistency text;
