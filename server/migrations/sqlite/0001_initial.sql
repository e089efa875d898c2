-- Published questionnaires: immutable, so that an answer always finds what was asked.
CREATE TABLE questionnaire (
    id           TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    body         TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

-- Raw responses. `bucket` comes first so that a retry at any server meets the same key and the
-- same schema can be distributed by it. A withdrawn response keeps its id only.
CREATE TABLE response (
    bucket        INTEGER NOT NULL,
    id            BLOB    NOT NULL,
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
    PRIMARY KEY (bucket, id),
    FOREIGN KEY (questionnaire, version) REFERENCES questionnaire (id, version)
) STRICT;

-- Tallies: one row per cell, a moment matrix as a JSON list of integers. Changed in the same
-- transaction as the responses they count.
CREATE TABLE tally (
    questionnaire    TEXT    NOT NULL,
    version          INTEGER NOT NULL,
    wave             TEXT    NOT NULL,
    area             TEXT    NOT NULL,
    mode             TEXT    NOT NULL,
    "group"          TEXT    NOT NULL,
    moments          TEXT    NOT NULL,
    last_received_at INTEGER NOT NULL,
    PRIMARY KEY (questionnaire, version, wave, area, mode, "group")
) STRICT, WITHOUT ROWID;

-- What the store knows about itself (when the campaign began, whether its data are simulated).
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may sign in. Passwords as argon2id hashes only.
CREATE TABLE account (
    name          TEXT PRIMARY KEY,
    password_hash TEXT    NOT NULL,
    failures      INTEGER NOT NULL DEFAULT 0,
    locked_until  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Sessions, by the hash of their token.
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    account    TEXT    NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
