"""Other sites: who they are, by which keys they are known, and the letters between them and us."""
