-- How many saw a questionnaire and how many began, by day (since 1970, in the campaign's time zone),
-- mode and place. Counts only. The places are those of the campaign, so that the table stays small.
CREATE TABLE visits (
    questionnaire text COLLATE "C" NOT NULL,
    day           bigint           NOT NULL,
    mode          text COLLATE "C" NOT NULL,
    place         text COLLATE "C" NOT NULL,
    views         bigint           NOT NULL,
    starts        bigint           NOT NULL,
    PRIMARY KEY (questionnaire, day, mode, place)
) WITH (fillfactor = 50);
