"""Where Chromium is. `python -m tests.browser.chromium` installs one if there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Chromium's own errands, which a closed network refuses.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MISSING = "no Chromium; install it, or run make chromium"


def launch(playwright: Playwright) -> Browser | None:
    """Start the Chromium that there is; None if there is none."""
    path = found(playwright.chromium.executable_path)
    return None if path is None else playwright.chromium.launch(executable_path=path, args=FLAGS)


def found(playwrights_own: str) -> str | None:
    """`CHROMIUM`, the system's or Playwright's; None if there is none."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if named is None and Path(playwrights_own).exists():
        return playwrights_own
    return named


def installed() -> bool:
    """Whether there is one now: Debian's package, or Playwright's own with what it needs."""
    is_root = os.geteuid() == 0
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if is_root:
        commands[0].insert(-1, "--with-deps")
    # Ubuntu's package is a snap, which runs in no container.
    if is_root and _is_debian() and shutil.which("apt-get"):
        install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"]
        commands[:0] = [["apt-get", "-qq", "update"], install]
    for command in commands:
        subprocess.run(command, capture_output=True, check=False)
        if _somewhere():
            return True
    return False


def _somewhere() -> bool:
    with sync_playwright() as playwright:
        return found(playwright.chromium.executable_path) is not None


def _is_debian() -> bool:
    try:
        return "\nID=debian\n" in f"\n{Path('/etc/os-release').read_text()}\n"
    except FileNotFoundError:
        return False


if __name__ == "__main__" and not _somewhere() and not installed():
    sys.stderr.write(
        "No Chromium, and none could be installed: the browser tests will not run. "
        "Install it, or set CHROMIUM=/path/to/it.\n"
    )
