-- A page of somebody's messages is found newest first, however many they ever had.
ALTER TABLE message_party ADD COLUMN sent_seq BIGINT NOT NULL DEFAULT 0;
UPDATE message_party SET sent_seq = (SELECT m.sent_seq FROM message m WHERE m.id = message_party.message_id);
CREATE INDEX message_party_sent ON message_party (party, sent_seq);
