-- Where a passkey was made ("https://lanbi.local:8443"): it opens there and nowhere else.
ALTER TABLE factor ADD COLUMN origin TEXT;
