"""Trace requests between sites and states, and the answers, which come back as claims under their
originator's rules."""
