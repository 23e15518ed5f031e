"""What is installed is what was written: the wheel is whole, typed, small, and works alone."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from typing import TYPE_CHECKING

import pytest

from tests.house.modules import PACKAGES, ROOT, files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

pytestmark = pytest.mark.system

CONFIGURATION = """
destinations:
  screen: {type: console, consent: {not_required: "our own eyes"}}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, with what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture
def contents(wheel: Path) -> Iterator[zipfile.ZipFile]:
    """Open the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        yield archive


@pytest.fixture
def metadata(contents: zipfile.ZipFile) -> Message:
    """Read what the wheel says of itself."""
    name = next(name for name in contents.namelist() if name.endswith("/METADATA"))
    return Parser().parsestr(contents.read(name).decode())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a fresh environment; give its folder of programs."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    command: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--quiet",
               "--disable-pip-version-check", wheel]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / "bin"


def run(*command: str | Path, cwd: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run an installed program far from the repository."""
    return subprocess.run(command, cwd=cwd, input=given, capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(cwd)}, timeout=60,
                          check=False)  # fmt: skip


def test_holds_every_file_of_both_packages(contents: zipfile.ZipFile) -> None:
    """Scripts, dictionary and type markers travel with the code; tests stay at home."""
    places = (path.relative_to(ROOT) for path in files())
    expected = {place.as_posix() for place in places if place.parts[0] in PACKAGES}

    packed = {name for name in contents.namelist() if ".dist-info/" not in name}

    assert expected == packed


def test_is_typed(contents: zipfile.ZipFile) -> None:
    """Both packages tell type checkers that they are typed."""
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(contents.namelist())


def test_says_what_it_needs(metadata: Message) -> None:
    """Python 3.11 and the MIT licence; what only developers need is an extra."""
    needed = {line.partition(";")[0] for line in metadata.get_all("Requires-Dist") or []
              if "extra ==" not in line}  # fmt: skip

    assert ">=3.11" == metadata["Requires-Python"]
    assert "MIT" == metadata["License-Expression"]
    assert [] == [line for line in needed if line.startswith(("pytest", "flower", "fakeredis"))]


@pytest.mark.timeout(400)
def test_serves_operators_alone(installed: Path, tmp_path: Path) -> None:
    """The installed program checks a configuration and queues an event in the embedded store."""
    (tmp_path / "router.yaml").write_text(CONFIGURATION)

    check = run(installed / "router", "check", cwd=tmp_path)
    push = run(installed / "router", "push", "-", cwd=tmp_path, given='{"type":"track"}\n')

    assert 0 == check.returncode, check.stderr
    assert 0 == push.returncode, push.stderr
    assert "1 event queued on events" in push.stdout


@pytest.mark.timeout(400)
def test_serves_authors_alone(installed: Path, tmp_path: Path) -> None:
    """An author's one import needs no router."""
    program = (
        "import sys, destinations; sys.exit(any(m.split('.')[0] == 'router' for m in sys.modules))"
    )

    assert 0 == run(installed / "python", "-c", program, cwd=tmp_path).returncode
