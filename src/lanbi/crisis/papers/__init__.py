"""The papers of a major incident: the forms of ICS, on the screen and as PDF."""
