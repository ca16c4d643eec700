-- What a provider's volunteers did on its days is counted from the index alone: the rows themselves lie a page each apart.
drop index unit_day_cc_asn_day_idx;
create index unit_day_cc_asn_day_idx on unit_day (cc, asn, day) include (unit, target, runs, discarded_runs);
