ALTER TABLE streams DROP COLUMN folder_id;
DROP TABLE channel_folders;
