"""The handlers that are compared, built and compiled as `make build` does it, and run side by side.

Each finds a DynamoDB in this process behind AWS's own variables, over TLS.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import environments
from bench.redirect import certificates, instance, runtime
from bench.redirect.dynamodb_stub import DynamoDB
from bench.redirect.instance import Instance
from bench.redirect.link import DESTINATION
from bench.shop import stack

OURS, COOKBOOK, CACHING, NULL = "app", "cookbook", "caching", "null"
"""The modules: ours, the cookbook's, its own with links kept, and one that does nothing."""
UNTRACED = {"POWERTOOLS_TRACE_DISABLED": "true"}
"""Variables for a cookbook without its Tracer."""
_CACHING = """import functools, cookbook
cookbook.find = functools.cache(cookbook.find)
handler = cookbook.handler
"""
_NULL = f"""def handler(event, context):
    return {{"statusCode": 302, "headers": {{"location": {DESTINATION!r}}}}}
"""
IDENTITY = {
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "t" * 700,
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}
"""As Lambda tells it to a function."""
_LAMBDA = {
    **IDENTITY,
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_FUNCTION_NAME": "redirect",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "LANG": "en_US.UTF-8",
    "PATH": os.defpath,
    "PYTHONDONTWRITEBYTECODE": "1",
    "TZ": ":UTC",
}


class Stage:
    """The built handlers, and the DynamoDB that they share."""

    def __init__(self, folder: Path, dynamodb: DynamoDB, endpoint: str) -> None:
        self._folder, self.dynamodb, self.endpoint = folder, dynamodb, endpoint
        self.one_authority = _trust(folder / "own.pem")
        """Variables for a handler that trusts this DynamoDB alone."""
        self.every_authority = _trust(folder / "trust.pem")
        """And for one that trusts it beside all that botocore brings, as botocore does in Lambda.
        Ours brings Amazon's own, among which the DynamoDB here has been put."""

    def start(self, module: str, **variables: str) -> AbstractContextManager[Instance]:
        """A process that runs `module`; `variables` are added to Lambda's own."""
        task = self._folder / ("ours" if module == OURS else "theirs")
        whole = {
            **_LAMBDA,
            **stack().functions["redirect"].environment,
            "AWS_ENDPOINT_URL": self.endpoint,
            "LAMBDA_TASK_ROOT": str(task),
            "PYTHONPATH": str(self._folder / "layer"),
            **({} if module == OURS else self.every_authority),
            **variables,
        }
        return instance.start(module, task, whole)


def _trust(bundle: Path) -> dict[str, str]:
    """As botocore and as Python itself hear of it."""
    return {"AWS_CA_BUNDLE": str(bundle), "SSL_CERT_FILE": str(bundle)}


@contextmanager
def build_stage(dynamodb: DynamoDB | None = None) -> Iterator[Stage]:
    """Builds the handlers and starts the DynamoDB; Absent where there is no runtime for them."""
    runtime.python()
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        _copy(folder)
        runtime.compile_all(folder)
        own = certificates.create(folder / "both.pem")
        (folder / "own.pem").write_bytes(own)
        (folder / "trust.pem").write_bytes(runtime.authorities() + own)
        with (folder / "layer/sharetrail/aws/fast/amazon_roots.pem").open("ab") as roots:
            roots.write(own)
        dynamodb = dynamodb or DynamoDB()
        with dynamodb.serving(folder / "both.pem") as endpoint:
            yield Stage(folder, dynamodb, endpoint)


def _copy(folder: Path) -> None:
    ours, theirs, bare = folder / "ours", folder / "theirs", shutil.ignore_patterns("__pycache__")
    shutil.copytree(environments.ROOT / "functions/redirect", ours, ignore=bare)
    shutil.copytree(
        environments.ROOT / "shared/sharetrail", folder / "layer/sharetrail", ignore=bare
    )
    theirs.mkdir()
    shutil.copy(Path(__file__).with_name("cookbook.py"), theirs)
    (theirs / "caching.py").write_text(_CACHING)
    (theirs / "null.py").write_text(_NULL)
