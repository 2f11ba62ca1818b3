"""Who is on duty with which unit, from when to when, and after how much rest."""
