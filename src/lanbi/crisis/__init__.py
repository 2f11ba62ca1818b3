"""Major incidents: METHANE, command posts, objectives, resources, and the ICS forms."""
