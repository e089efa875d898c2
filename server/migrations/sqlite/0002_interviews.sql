-- How long an interview took and how the interviewer helped; all empty where nobody interviewed.
ALTER TABLE response ADD COLUMN finished_at INTEGER;
ALTER TABLE response ADD COLUMN assistance TEXT;
ALTER TABLE response ADD COLUMN device INTEGER;

-- Devices on which interviewers have signed in, by the hash of their token. The label names the
-- device, not the person. A revoked one stays, so that its number still means something.
CREATE TABLE device (
    id         INTEGER PRIMARY KEY,
    token_hash BLOB    NOT NULL UNIQUE,
    label      TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
