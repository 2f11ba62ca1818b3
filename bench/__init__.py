"""What is fast here, measured against what others do: `make bench`, described in docs/reference/bench.md."""
