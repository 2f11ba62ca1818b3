"""Major incidents: METHANE, command posts, objectives, resources, and the forms of ICS."""
