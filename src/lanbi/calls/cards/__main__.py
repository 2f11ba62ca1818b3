"""`python -m lanbi.calls.cards`: the shipped cards as the API answers them, for the screens' own tests."""

import sys

from lanbi.calls.cards import load
from lanbi.core.vocabulary import load as load_vocabulary

sys.stdout.buffer.write(load(load_vocabulary()).body)
