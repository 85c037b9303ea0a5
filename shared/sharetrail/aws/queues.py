"""The SQS queues, one noun each. A message may arrive twice."""

from dataclasses import dataclass

from sharetrail.aws import clients, environment


@dataclass(frozen=True)
class Queue:
    noun: str
    on_redirect: bool = False
    """Whether the redirect sends to it: then by its own client, where FAST_PATH says so."""

    def send(self, body: str) -> None:
        url = environment.queue(self.noun)
        if fast := clients.fast(self.on_redirect):
            fast.send_message(url, body)
        else:
            clients.sqs().send_message(QueueUrl=url, MessageBody=body)


CLICKS = Queue("clicks", on_redirect=True)
ORDERS = Queue("orders")
REPORTS = Queue("reports")
DOORBELLS = Queue("doorbells")
