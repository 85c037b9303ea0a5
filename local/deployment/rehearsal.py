"""A deployment's life, in the emulator: `make deploy-local`.

Two stacks side by side in one account, each by the real `sam deploy`. One is made, used, deployed
again and taken back. The other is made of the previous release's template, given the first one's
data, upgraded, and read.
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from local.artifacts.bytecode import BUILD
from local.deployment import back, chain, copies, released, routes, runnable, stamp
from local.deployment.customer import Broken, Customer
from local.deployment.stack import BUCKET, ROOT, Stack, package
from local.emulator.clients import client
from local.emulator.environment import environment
from local.emulator.ministack import Emulator
from local.template import names
from local.template.reader import TEMPLATE

T = TypeVar("T")
HOME = ROOT / ".cache/deployment"
FIRST, UPGRADED = "sharetrail", "sharetrail-upgraded"
_KEPT = (names.TABLE, names.BUCKET, names.KEY)
_FUNCTION = "AWS::Lambda::Function"


def run(build: Path = BUILD) -> None:
    """All of it; Broken or Failed at the first step that does not do what it is there for."""
    began = time.monotonic()
    ready = runnable.copy(build, HOME / "build")
    try:
        with Emulator() as emulator:
            emulator.wait()
            with environment(emulator.environment):
                _live(ready)
    finally:
        shutil.rmtree(HOME / "build", ignore_errors=True)
    print(f"deploy-local: all of it, in {time.monotonic() - began:.0f} s")


def _live(build: Path) -> None:
    client("s3").create_bucket(Bucket=BUCKET)
    _, domain = chain.PARAMETERS["MailFrom"].split("@")
    client("sesv2").create_email_identity(EmailIdentity=domain)
    first, upgraded = Stack(name=FIRST), Stack(name=UPGRADED)
    template = _step("functions and layers are uploaded", lambda: package(build))
    _step(f"sam deploy makes {FIRST}", lambda: _deploy(first, template))
    address = routes.make(first, TEMPLATE)
    customer = _step("the chain runs against it", lambda: chain.run(first, address))
    _step(f"sam deploy makes {UPGRADED} as it was released", lambda: _release(upgraded, template))
    _step("it gets the first one's data", lambda: _fill(first, upgraded))
    _step("it is upgraded, and its data are read", lambda: _upgrade(upgraded, template, customer))
    _step(f"{FIRST} is deployed again", lambda: _deploy_again(first, template))
    _step("it is taken back", lambda: _go_back(customer))
    _step("both are deleted; what is kept stays", lambda: _tear_down(first, upgraded))


def _step(what: str, work: Callable[[], T]) -> T:
    began = time.monotonic()
    done = work()
    print(f"deploy-local: {what} ({time.monotonic() - began:.0f} s)", flush=True)
    return done


def _deploy(stack: Stack, template: Path) -> None:
    stamp.stamp(template)
    stack.deploy(template, chain.PARAMETERS)


def _release(stack: Stack, template: Path) -> None:
    stack.deploy(released.lay_out(template), chain.PARAMETERS)


def _fill(source: Stack, target: Stack) -> None:
    if not copies.copy(source, target):
        raise Broken("there is nothing to be read after the upgrade")


def _upgrade(stack: Stack, template: Path, customer: Customer) -> None:
    """Whatever was there is there, in the same tables, and the present functions read it."""
    before = {kind: stack.of_type(kind) for kind in _KEPT}
    rows = {name: copies.keyed(name) for name in before[names.TABLE].values()}
    _deploy(stack, template)
    for kind, named in before.items():
        if not named.items() <= stack.of_type(kind).items():
            raise Broken(f"of {kind} some are others than before: {stack.of_type(kind)}")
    for table, found in rows.items():
        if gone := found.keys() - copies.keyed(table).keys():
            raise Broken(f"{table} has lost {gone}")
    moved = Customer(stack=stack, api=routes.make(stack, TEMPLATE), facts=customer.facts)
    chain.read(moved)
    chain.follow(moved, chain.share(moved))


def _deploy_again(stack: Stack, template: Path) -> None:
    _deploy(stack, template)
    _be_at(2)


def _go_back(customer: Customer) -> None:
    back.go(back.plan(FIRST))
    _be_at(1)
    chain.read(customer)
    chain.follow(customer, chain.share(customer))


def _be_at(version: int) -> None:
    if any(step.version != version for step in back.plan(FIRST)):
        raise Broken(f"not every function is at version {version}: {back.plan(FIRST)}")


def _tear_down(*stacks: Stack) -> None:
    kept = [name for stack in stacks for name in stack.of_type(names.TABLE).values()]
    functions = [name for stack in stacks for name in stack.of_type(_FUNCTION).values()]
    for stack in stacks:
        stack.delete()
    pages = client("lambda").get_paginator("list_functions").paginate()
    left = {each["FunctionName"] for page in pages for each in page["Functions"]}
    if left & {*functions}:
        raise Broken(f"functions are left: {left}")
    if lost := {*kept} - {*client("dynamodb").list_tables()["TableNames"]}:
        raise Broken(f"tables are gone with their stack: {lost}")


if __name__ == "__main__":
    run()
