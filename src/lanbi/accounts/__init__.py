"""Who works here: accounts, sign-in, sessions, machines' tokens, and the policies on who may do what."""
