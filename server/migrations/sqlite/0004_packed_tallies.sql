-- Tallies as bytes instead of JSON: reading and writing them was the larger part of a write. The
-- first byte is the width of the integers that follow, 1, 2, 4 (unsigned) or 8 (two's complement),
-- most significant byte first. A row number finds a tally without comparing six texts.
CREATE TABLE packed_tally (
    number           INTEGER PRIMARY KEY,
    questionnaire    TEXT    NOT NULL,
    version          INTEGER NOT NULL,
    wave             TEXT    NOT NULL,
    area             TEXT    NOT NULL,
    mode             TEXT    NOT NULL,
    "group"          TEXT    NOT NULL,
    moments          BLOB    NOT NULL,
    last_received_at INTEGER NOT NULL,
    UNIQUE (questionnaire, version, wave, area, mode, "group")
) STRICT;

-- What is no list stays as unreadable as it was: `wendu recount --fix` counts it again.
INSERT INTO packed_tally (questionnaire, version, wave, area, mode, "group", moments,
                          last_received_at)
SELECT questionnaire, version, wave, area, mode, "group",
       CASE WHEN json_valid(moments) THEN (
           SELECT unhex(printf('%02X', width)
                        || group_concat(printf('%0*X', 2 * width, value), '' ORDER BY key))
           FROM json_each(moments),
                (SELECT CASE WHEN min(value) < 0 OR max(value) >= 1 << 32 THEN 8
                             WHEN max(value) >= 1 << 16 THEN 4
                             WHEN max(value) >= 1 << 8 THEN 2
                             ELSE 1 END AS width
                 FROM json_each(moments))
       ) ELSE x'' END,
       last_received_at
FROM tally;

DROP TABLE tally;
ALTER TABLE packed_tally RENAME TO tally;
