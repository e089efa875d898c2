-- Responses by id alone. Ids begin with the time, so that new ones stand side by side; behind the
-- bucket each batch wrote to all 64 ends of the key. In one file a bucket is good for nothing.
CREATE TABLE response_by_id (
    id            BLOB    NOT NULL PRIMARY KEY,
    questionnaire TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    wave          TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    mode          TEXT    NOT NULL,
    site          TEXT,
    origin        TEXT,
    language      TEXT    NOT NULL,
    started_at    INTEGER NOT NULL,
    received_at   INTEGER NOT NULL,
    answers       TEXT,
    fingerprint   BLOB,
    withdrawn_at  INTEGER,
    finished_at   INTEGER,
    assistance    TEXT,
    device        INTEGER,
    FOREIGN KEY (questionnaire, version) REFERENCES questionnaire (id, version)
) STRICT;

INSERT INTO response_by_id
SELECT id, questionnaire, version, wave, area, mode, site, origin, language, started_at,
       received_at, answers, fingerprint, withdrawn_at, finished_at, assistance, device
FROM response ORDER BY id;

DROP TABLE response;
ALTER TABLE response_by_id RENAME TO response;
