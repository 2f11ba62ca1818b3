-- Who reported something by mistake takes it back at once: it leaves the live picture and stays in the list.
ALTER TABLE observation ADD COLUMN withdrawn_at BIGINT;
