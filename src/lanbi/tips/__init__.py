"""Anonymous tips: sealed, answered by a receipt code, graded, and never traced to a person."""
