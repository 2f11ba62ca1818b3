"""The plan of a major incident: objectives, resources, divisions, radio, periods, and each unit's way out."""
