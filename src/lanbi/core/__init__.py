"""The shared kernel: identity, time, place, access, errors and ports. Read it in one sitting."""
