-- The names are not qualified by a schema: the first one of the connection's search_path holds
-- everything, so that several campaigns can share a database, each in a schema of its own.

-- Published questionnaires: immutable, so that an answer always finds what was asked.
CREATE TABLE questionnaire (
    id           text COLLATE "C" NOT NULL,
    version      bigint           NOT NULL,
    body         text             NOT NULL,
    published_at bigint           NOT NULL,
    PRIMARY KEY (id, version)
);

-- Raw responses. `bucket` comes first so that a retry at any server meets the same key and the
-- same schema can be distributed by it. A withdrawn response keeps its id only.
-- No foreign key to questionnaire: every server checks against its published questionnaires, none
-- is ever removed, and share locks of all writers on that one row would cost more than the rest.
CREATE TABLE response (
    bucket        smallint         NOT NULL CHECK (bucket BETWEEN 0 AND 63),
    id            bytea            NOT NULL CHECK (length(id) = 16),
    questionnaire text COLLATE "C" NOT NULL,
    version       bigint           NOT NULL,
    wave          text             NOT NULL,
    area          text             NOT NULL,
    mode          text             NOT NULL,
    site          text,
    origin        text,
    language      text             NOT NULL,
    started_at    bigint           NOT NULL,
    received_at   bigint           NOT NULL,
    answers       text,
    fingerprint   bytea,
    withdrawn_at  bigint,
    PRIMARY KEY (bucket, id)
);

-- Tallies: a moment matrix per cell. Changed in the same transaction as the responses they count.
-- A tally is the sum of its rows over `bucket`: one row with bucket 0, unless the responses are
-- distributed by bucket; then the part that counts a bucket lies where its responses lie.
-- Half of every page is left free, so that the new version of a row stays on its page and the
-- index is not touched (a heap-only tuple).
CREATE TABLE tally (
    bucket           smallint         NOT NULL,
    questionnaire    text COLLATE "C" NOT NULL,
    version          bigint           NOT NULL,
    wave             text COLLATE "C" NOT NULL,
    area             text COLLATE "C" NOT NULL,
    mode             text COLLATE "C" NOT NULL,
    "group"          text COLLATE "C" NOT NULL,
    moments          bigint[]         NOT NULL CHECK (array_position(moments, NULL) IS NULL),
    last_received_at bigint           NOT NULL,
    PRIMARY KEY (bucket, questionnaire, version, wave, area, mode, "group")
) WITH (fillfactor = 50);

-- Compressed in the row, not moved out of it.
ALTER TABLE tally ALTER COLUMN moments SET STORAGE MAIN;

-- Adds two tallies. Of different length they make a NULL, which the table refuses.
CREATE FUNCTION moments_add(a bigint[], b bigint[]) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(SELECT x + y FROM unnest(a, b) AS pair (x, y));

-- The sum of a tally's rows.
CREATE AGGREGATE moments_sum(bigint[]) (
    SFUNC = moments_add,
    STYPE = bigint[],
    COMBINEFUNC = moments_add,
    PARALLEL = SAFE
);

-- What the store knows about itself (when the campaign began, whether its data are simulated).
CREATE TABLE setting (
    name  text PRIMARY KEY,
    value text NOT NULL
);

-- Who may sign in. Passwords as argon2id hashes only.
CREATE TABLE account (
    name          text PRIMARY KEY,
    password_hash text   NOT NULL,
    failures      bigint NOT NULL DEFAULT 0,
    locked_until  bigint NOT NULL DEFAULT 0
);

-- Sessions, by the hash of their token.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    account    text   NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    expires_at bigint NOT NULL
);
