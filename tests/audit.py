"""Known weaknesses of the pinned libraries; says so where the advisory service cannot be asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"


def main() -> int:
    """Return 1 if a pinned library has a known weakness."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes",
               "--progress-spinner", "off", "--format", "json", "-r", str(REQUIREMENTS)]  # fmt: skip
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        libraries = json.loads(asked.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("pip-audit: not online, so known weaknesses were not looked up.")
        return 0
    weak = [entry for entry in libraries if entry.get("vulns")]
    for entry in weak:
        names = ", ".join(weakness["id"] for weakness in entry["vulns"])
        print(f"{entry['name']} {entry['version']}: {names}")
    print(f"pip-audit: {len(libraries)} libraries, {len(weak)} with known weaknesses.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
