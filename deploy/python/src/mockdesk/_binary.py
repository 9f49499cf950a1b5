"""The binary that the wheel holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def binary() -> str:
    """Return the path of the mockdesk binary."""
    own = os.environ.get("MOCKDESK_BINARY")
    if own:
        return own
    name = "mockdesk.exe" if os.name == "nt" else "mockdesk"
    path = Path(__file__).parent / "bin" / name
    if not path.exists():
        raise FileNotFoundError(f"mockdesk: {path} is not there; hint: pip install --force-reinstall mockdesk, or MOCKDESK_BINARY=/path/to/mockdesk")
    if not os.access(path, os.X_OK):  # some installers forget the mode
        path.chmod(0o755)
    return str(path)


def main() -> None:
    """Run mockdesk in the place of this process."""
    arguments = [binary(), *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.call(arguments))
    os.execv(arguments[0], arguments)
