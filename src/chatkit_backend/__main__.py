"""`python -m chatkit_backend`: the same as `chatkit-backend serve`."""

import sys

from chatkit_backend.cli import main

if __name__ == "__main__":
    if len(sys.argv) == 1 or (sys.argv[1].startswith("-") and sys.argv[1] != "--help"):
        sys.argv.insert(1, "serve")
    main()
