"""Who works here: accounts, sign-in, sessions, machines' tokens, and the policies that say who may do what."""
