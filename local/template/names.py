"""What each resource of the template is called in the local cloud.

Every name is known before anything is created, so the template is resolved in one pure pass.
"""

import re
from collections.abc import Mapping

from local.template.intrinsics import Refused

ACCOUNT = "000000000000"  # the emulator's own
REGION = "us-east-1"
TABLE = "AWS::DynamoDB::Table"
QUEUE = "AWS::SQS::Queue"
BUCKET = "AWS::S3::Bucket"
KEY = "AWS::KMS::Key"
RULE = "AWS::Events::Rule"
FUNCTION = "AWS::Serverless::Function"


def pseudo_parameters(stack: str, absent: object) -> dict[str, object]:
    return {
        "AWS::AccountId": ACCOUNT,
        "AWS::NoValue": absent,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackName": stack,
        "AWS::URLSuffix": "amazonaws.com",
    }


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


class Names:
    """Ref and Fn::GetAtt for the resources whose kinds are given."""

    def __init__(self, kinds: Mapping[str, str], stack: str, endpoint: str) -> None:
        self._kinds = kinds
        self._stack = stack
        self._endpoint = endpoint

    def name(self, logical: str) -> str:
        """EventsTable is sharetrail-events-table: a name that buckets accept too."""
        return f"{self._stack}-{re.sub('(?<=[a-z0-9])(?=[A-Z])', '-', logical).lower()}"

    def url(self, queue: str) -> str:
        return f"{self._endpoint}/{ACCOUNT}/{queue}"

    def ref(self, logical: str) -> str:
        kind = self._kind(logical)
        if kind == QUEUE:
            return self.url(self.name(logical))
        if kind == KEY:
            return f"alias/{self.name(logical)}"
        return self.name(logical)

    def attribute(self, logical: str, attribute: str) -> str:
        kind, name = self._kind(logical), self.name(logical)
        known = {
            (TABLE, "Arn"): arn("dynamodb", f"table/{name}"),
            # The emulator mints the real one; here it only says which table is meant.
            (TABLE, "StreamArn"): arn("dynamodb", f"table/{name}/stream/local"),
            (QUEUE, "Arn"): arn("sqs", name),
            (QUEUE, "QueueName"): name,
            (BUCKET, "Arn"): f"arn:aws:s3:::{name}",
            (RULE, "Arn"): arn("events", f"rule/{name}"),
            (KEY, "Arn"): arn("kms", f"alias/{name}"),
            (FUNCTION, "Arn"): arn("lambda", f"function:{name}"),
        }
        if (kind, attribute) not in known:
            raise Refused(f"{logical}.{attribute} is not known here")
        return known[kind, attribute]

    def _kind(self, logical: str) -> str:
        if logical not in self._kinds:
            raise Refused(f"{logical} is neither a parameter nor a resource of the template")
        return self._kinds[logical]
