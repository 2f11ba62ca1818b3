"""Where units were, and what people saw: many positions, cheaply kept, each vouched for by the record."""
