-- How long an interview took and how the interviewer helped; all empty where nobody interviewed.
ALTER TABLE response
    ADD COLUMN finished_at bigint,
    ADD COLUMN assistance  text,
    ADD COLUMN device      bigint;

-- Devices on which interviewers have signed in, by the hash of their token. The label names the
-- device, not the person. A revoked one stays, so that its number still means something.
CREATE TABLE device (
    id         bigint PRIMARY KEY,
    token_hash bytea  NOT NULL UNIQUE,
    label      text   NOT NULL,
    issued_at  bigint NOT NULL,
    revoked_at bigint
);
