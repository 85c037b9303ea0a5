"""What goes into the small template's table and queue, what its functions are given, and
functions that fail.
"""

import json

import boto3


def facts(cloud):
    (name,) = cloud.template.tables
    return name


def write(cloud, *sort_keys):
    for each in sort_keys:
        item = {"pk": {"S": "shop"}, "sk": {"S": each}}
        boto3.client("dynamodb").put_item(TableName=facts(cloud), Item=item)


def url(cloud, name):
    (found,) = (each.url for each in cloud.template.queues.values() if f"-{name}" == _tail(each))
    return found


def _tail(queue):
    return "-" + queue.name.split("-", 2)[2]


def send(cloud, *texts):
    for text in texts:
        boto3.client("sqs").send_message(QueueUrl=url(cloud, "work"), MessageBody=text)


def messages(cloud, name):
    answer = boto3.client("sqs").receive_message(QueueUrl=url(cloud, name), MaxNumberOfMessages=10)
    return answer.get("Messages", [])


def only_object(cloud):
    s3 = boto3.client("s3")
    (bucket,) = cloud.template.buckets
    (entry,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    return json.loads(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())


def sort_keys(event):
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in event["Records"]]


def batches(handlers, folder):
    return [sort_keys(event) for event in handlers.seen.get(folder, [])]


def bodies(handlers):
    events = handlers.seen.get("work", [])
    return [sorted(record["body"] for record in event["Records"]) for event in events]


def failing(times):
    left = [times]

    def handler(event, context):
        left[0] -= 1
        if left[0] >= 0:
            raise RuntimeError("not today")

    return handler


def reporting(*names, times):
    """A function that reports the items of these names (sort keys, bodies) as failed."""
    left = [times]

    def handler(event, context):
        left[0] -= 1
        failed = [each for each in event["Records"] if left[0] >= 0 and _name(each) in names]
        return {"batchItemFailures": [{"itemIdentifier": _identifier(each)} for each in failed]}

    return handler


def _name(record):
    return record["body"] if "body" in record else record["dynamodb"]["Keys"]["sk"]["S"]


def _identifier(record):
    return record["messageId"] if "body" in record else record["dynamodb"]["SequenceNumber"]
