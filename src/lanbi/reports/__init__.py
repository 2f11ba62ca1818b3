"""Paper: what stands in the rows, typeset as PDF. Templates are data; facts come in as JSON."""
