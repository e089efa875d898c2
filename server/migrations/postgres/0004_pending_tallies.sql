-- What batches have added to the tallies and nobody has merged into them yet: one row for each
-- transaction and questionnaire, written with the responses that it counts. A tally is the sum of
-- its rows in `tally` and of what is here. Rows come and go all the time.
CREATE TABLE tally_pending (
    number        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    questionnaire text   COLLATE "C" NOT NULL,
    body          bytea              NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
