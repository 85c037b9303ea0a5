"""Lambda's loop around a handler, as its documentation has it: TASK PACKAGES…

Run by a Python that knows no package; what a function may import are these folders.
"""

import json
import os
import sys
import urllib.request
from types import SimpleNamespace

task, *packages = sys.argv[1:]
sys.path[:0] = [task, *packages]
API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime"


def tell(path: str, what: object) -> None:
    urllib.request.urlopen(urllib.request.Request(API + path, json.dumps(what).encode()))


try:
    from app import handler
except BaseException as error:
    tell("/init/error", {"errorType": type(error).__name__, "errorMessage": str(error)})
    raise

while True:
    with urllib.request.urlopen(f"{API}/invocation/next") as given:
        request = given.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(given)
    context = SimpleNamespace(
        aws_request_id=request,
        function_name="built",
        function_version="1",
        memory_limit_in_mb=512,
        invoked_function_arn=given.headers["Lambda-Runtime-Invoked-Function-Arn"],
        get_remaining_time_in_millis=lambda: 30_000,
    )
    try:
        tell(f"/invocation/{request}/response", handler(event, context))
    except Exception as error:
        failure = {"errorType": type(error).__name__, "errorMessage": str(error)}
        tell(f"/invocation/{request}/error", failure)
