-- How many messages each stream got on each day (UTC), as far as they were counted.
CREATE TABLE stream_traffic (
    stream_id integer NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    day date NOT NULL,
    messages bigint NOT NULL,
    PRIMARY KEY (stream_id, day)
);

-- Up to which message id.
CREATE TABLE traffic_progress (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    counted_to bigint NOT NULL
);
INSERT INTO traffic_progress (counted_to) VALUES (0);

-- What follows from the counts.
ALTER TABLE streams
    ADD COLUMN weekly_traffic bigint,
    ADD COLUMN is_recently_active boolean NOT NULL DEFAULT true;
