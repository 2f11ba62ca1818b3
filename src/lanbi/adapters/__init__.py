"""Other systems' formats and protocols: `codec` is pure, `feed`, `server` or `client` does the I/O."""
