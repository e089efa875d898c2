-- How many saw a questionnaire and how many began, by day (since 1970, in the campaign's time zone),
-- mode and place. Counts only. The places are those of the campaign, so that the table stays small.
CREATE TABLE visits (
    questionnaire TEXT    NOT NULL,
    day           INTEGER NOT NULL,
    mode          TEXT    NOT NULL,
    place         TEXT    NOT NULL,
    views         INTEGER NOT NULL,
    starts        INTEGER NOT NULL,
    PRIMARY KEY (questionnaire, day, mode, place)
) STRICT, WITHOUT ROWID;
