"""`python -m lanbi` is `lanbi`."""

from lanbi.cli import main

main()
