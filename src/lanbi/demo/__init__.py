"""The demo: one invented evening on the floor of Port-au-Prince, as data and as its player."""
