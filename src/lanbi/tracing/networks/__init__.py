"""Networks: links between recovered firearms with their evidence, and the communities that they make."""
