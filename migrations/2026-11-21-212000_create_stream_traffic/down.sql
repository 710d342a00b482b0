ALTER TABLE streams
    DROP COLUMN weekly_traffic,
    DROP COLUMN is_recently_active;
DROP TABLE traffic_progress;
DROP TABLE stream_traffic;
