"""`python -m local` as a process: what it says, and that it leaves nothing behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
# The demo is tested where it lives; here it may be empty, and no function is needed.
DRIVER = """
import os, runpy, sys, time, types
from local.runtime import handlers

def open_shop(cloud):
    while not os.path.exists(os.environ.get("DOOR", "/")):
        print("waiting at the door")
        time.sleep(0.1)
    return {"merchant_id": "m_1"}

opening = sys.modules["local.demo.opening"] = types.ModuleType("local.demo.opening")
opening.start = lambda now: now
opening.open = open_shop
handlers.Runtime.load_all = lambda self: None
runpy.run_module("local", run_name="__main__", alter_sys=True)
"""
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="reads /proc, which is Linux's"
)


@pytest.fixture
def start(tmp_path):
    """Starts `python -m local` with these arguments; kills what a failed test leaves."""
    started = []

    def start(*arguments, **environment):
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, *arguments],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path), **environment},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until_ready(process):
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("Sharetrail is ready"):
            return lines
    raise AssertionError(f"it ended: {lines} {process.stderr.read()}")


def children(pid):
    """The ids of the processes whose parent is `pid`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone meanwhile
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_gone(pids):
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and any(map(is_running, pids)):
        time.sleep(0.02)
    return [pid for pid in pids if is_running(pid)]


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_cleanly(start, tmp_path, number):
    port = free_port()
    process = start("--host", "127.0.0.1", "--port", str(port))
    lines = read_until_ready(process)
    assert lines[-1] == f"Sharetrail is ready at http://127.0.0.1:{port}"
    assert any(line.startswith("not emulated: IAM policies") for line in lines)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert b"m_1" in answer.read()
    offspring = children(process.pid)
    assert offspring
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (0, "", "")
    assert wait_gone(offspring) == []
    assert list(tmp_path.iterdir()) == []


@needs_proc
def test_a_signal_during_the_start_leaves_nothing_either(start):
    process = start("--port", str(free_port()))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not children(process.pid):
        time.sleep(0.01)
    offspring = children(process.pid)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert wait_gone(offspring) == []


@needs_proc
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part is Linux's alone")
def test_a_killed_process_takes_the_emulator_with_it(start):
    process = start("--port", str(free_port()))
    read_until_ready(process)
    offspring = children(process.pid)
    process.kill()
    process.wait()
    assert wait_gone(offspring) == []


def test_a_port_in_use_is_one_clear_line(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("--host", "127.0.0.1", "--port", str(port))
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    assert re.fullmatch(rf"cannot listen at 127\.0\.0\.1:{port}: .+\n", errors)
    assert "make run PORT=" in errors


@pytest.mark.parametrize("host", ["no.such.host.example", "::1", "203.0.113.7"])
def test_a_host_that_is_not_this_machines_is_one_clear_line(start, host):
    process = start("--host", host, "--port", str(free_port()))
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (1, "")
    assert re.fullmatch(rf"cannot listen at {re.escape(host)}:\d+: .+\n", errors)


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "8080.0", "٨", "9" * 5_000])
def test_what_is_no_port_is_named(start, port):
    process = start(f"--port={port}")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (2, "")
    assert errors.endswith(
        f"argument --port: {port!r} is none: 0 to 65535, and 0 takes a free one\n"
    )


def test_the_port_that_browsers_leave_out_of_an_origin_will_not_do(start):
    process = start("--port", "80")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "80 will not do" in errors


def test_while_the_demo_opens_it_says_so_and_then_that_it_is_ready(start, tmp_path):
    """As curl's own waiting has it: a 503 with Retry-After, until there is a 200."""
    port, door = free_port(), tmp_path / "door"
    process = start("--port", str(port), DOOR=str(door))
    url = f"http://127.0.0.1:{port}/_local/?format=json"
    told = []
    while not told or told[-1]["status"] != "ready":
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                told.append(json.load(answer))
        except urllib.error.HTTPError as refused:
            waits = {"code": refused.code, "after": refused.headers["retry-after"]}
            told.append({**json.load(refused), **waits})
            if told[-1]["step"] == "waiting at the door":
                door.touch()
        except urllib.error.URLError:
            time.sleep(0.05)  # nobody listens yet
    waited = [(each["status"], each["code"], each["after"]) for each in told[:-1]]
    assert set(waited) == {("starting", 503, "2")}
    assert "waiting at the door" in read_until_ready(process)
