"""Private matching of serials with a partner: which of ours stand in their register, and nothing else.

The oblivious function is in `voprf`, what is matched and how much of it in `tokens`. What each side learns,
and what the means cannot do, is told in docs/concepts/private-matching.md.
"""
