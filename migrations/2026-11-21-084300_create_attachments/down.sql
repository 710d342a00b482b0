DROP TABLE attachment_messages;
DROP TABLE attachments;
