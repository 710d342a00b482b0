DROP INDEX users_presence_hidden;
