"""`kill -9`, two hundred times: what is left is valid, and the next release goes on from there."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 200
A_GENERATION = 20  # kills, before a new archive is begun: a long history makes every step slow

# A process that forks releases and kills them: to start Python two hundred times would take longer
# than all of them. Only the forked processes write; the killer reads.
KILLER = """
import json, os, random, signal, sys, time
from chapbook.archive.store import open_archive
from tests.archive.samples import WORK, errors_of, files, stamp, whole_versions

root, seed, kills = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)

def release():
    archive = open_archive(root, create=True)
    number = len(archive.versions(WORK)) + 1
    archive.add(WORK, files(number), stamp(number), after=number - 1)

def fork():
    child = os.fork()
    if child == 0:
        release()
        os._exit(0)
    return child

def settled():
    return whole_versions(root) if os.path.exists(root + '/0=ocfl_1.1') else 0

started = time.perf_counter()
os.waitpid(fork(), 0)
takes_s = time.perf_counter() - started
told = []
for _ in range(kills):
    before = settled()
    child = fork()
    time.sleep(chance.uniform(0, takes_s * 1.2))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    left = os.path.isdir(root + '/extensions/chapbook-staging')
    told.append({'killed': os.WIFSIGNALED(status), 'before': before, 'after': settled(),
                 'errors': errors_of(root), 'left': left})
release()
print(json.dumps({'told': told, 'last': whole_versions(root), 'errors': errors_of(root),
                  'left': os.path.exists(root + '/extensions/chapbook-staging')}))
"""


@pytest.mark.parametrize("generation", range(KILLS // A_GENERATION))
def test_a_kill_at_a_random_moment_leaves_a_valid_archive_with_every_former_edition(
    generation: int, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    done = subprocess.run(
        [sys.executable, "-c", KILLER, tmp_path / "editions", str(seed), str(A_GENERATION)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    result = json.loads(done.stdout)
    assert len(result["told"]) == A_GENERATION
    for report in result["told"]:
        assert report["errors"] == [], f"seed {seed}"
        assert report["after"] - report["before"] in {0, 1}, f"seed {seed}"
    assert any(item["killed"] for item in result["told"]), f"seed {seed}: all came too late"
    assert result["last"] == result["told"][-1]["after"] + 1
    assert result["errors"] == []
    assert not result["left"]
