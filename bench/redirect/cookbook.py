"""The baseline: a redirect as tutorials write it, link by link and click by click.

Powertools' resolver with validation, Logger, Metrics and Tracer, `boto3.resource`, one read and one
write, one log line and one metric a click. It does less than ours: it hashes no visitor, asks no
merchant which hosts it may lead to, and adds no tag to the address.
"""

import os
import time
import uuid
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace="Cookbook")
tracer = Tracer()
app = APIGatewayHttpResolver(enable_validation=True)
dynamodb = boto3.resource("dynamodb")
links = dynamodb.Table(os.environ["LINKS_TABLE"])
clicks = dynamodb.Table(os.environ["EVENTS_TABLE"])


def find(code: str) -> dict[str, Any] | None:
    return links.get_item(Key={"pk": code}).get("Item")


@app.get("/<code>")
@tracer.capture_method
def follow(code: str) -> Response[str]:
    link = find(code)
    if link is None:
        raise NotFoundError(f"There is no link {code}.")
    click_id = str(uuid.uuid4())
    now = int(time.time() * 1000)
    clicks.put_item(
        Item={
            "pk": code,
            "sk": f"{now}#{click_id}",
            "agent": app.current_event.headers.get("user-agent", ""),
            "referrer": app.current_event.headers.get("referer", ""),
            "ip": app.current_event.request_context.http.source_ip,
            "expires": now // 1000 + 120 * 86_400,
        }
    )
    logger.info("click", extra={"code": code, "click_id": click_id})
    metrics.add_metric(name="Clicks", unit=MetricUnit.Count, value=1)
    return Response(status_code=302, headers={"Location": link["url"]}, body="")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
