"""A process of its own that uses the embedded store of a folder until its input ends.

Run as `python holder.py FOLDER`: writes the address of the store, then waits.
"""

from __future__ import annotations

import sys
from pathlib import Path

from router.store.embedded import EmbeddedStore


def main() -> None:
    """Attach, say where, wait, leave."""
    store = EmbeddedStore(Path(sys.argv[1]))
    print(store.attach(), flush=True)  # noqa: T201 - whoever started it reads this
    sys.stdin.read()
    store.leave()


if __name__ == "__main__":
    main()
