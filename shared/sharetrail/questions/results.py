"""Results of questions, for seven days. Quarantine bucket: `results/merchant/id`, a line that says
what the answer is, and then its body, gzipped. The first result of a question is what stays.
"""

import gzip
from dataclasses import dataclass

from sharetrail.aws import sealed_objects
from sharetrail.packing import labelled, unlabelled
from sharetrail.problems import Problem
from sharetrail.web.http import Answer, problem_json

PREFIX = "results/"
MOST_BYTES = 4_400_000
"""Of an answer, as it is sent: Lambda's have 6 MB, and bytes travel as base64."""
_LEVEL = 6
"""As it is packed again when it is sent."""


class TooLargeAnswer(Problem):
    """It does not fit an answer of Lambda's."""

    status = 422
    title = "The answer is too large"


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer that the call itself would have given."""

    status: int
    content_type: str
    gzipped: bytes

    def body(self, *, packed: bool) -> str:
        """TooLargeAnswer where it can only be sent packed, and is not."""
        body = gzip.decompress(self.gzipped)
        if len(body) > MOST_BYTES and not packed:
            raise TooLargeAnswer(f"It has {len(body):,} bytes: ask with `Accept-Encoding: gzip`.")
        return body.decode()


def keep(merchant_id: str, question_id: str, answer: Answer, most: float = MOST_BYTES) -> str:
    """Keep it, unless there is one: by which key. Of an answer of more than `most` bytes, packed,
    that it is too large: somebody is sent it, or a page must have room for it."""
    body = _gzipped(answer)
    if len(body) > most:
        why = TooLargeAnswer("Ask for fewer days, or by something else.")
        answer = problem_json(why, question_id)
        body = _gzipped(answer)
    label = {"status": answer["statusCode"], "content_type": answer["headers"]["content-type"]}
    key = _key(merchant_id, question_id)
    sealed_objects.put_once(merchant_id, key, labelled(label, body))
    return key


def is_there(merchant_id: str, question_id: str) -> bool:
    return any(sealed_objects.listed(_key(merchant_id, question_id)))


def find(merchant_id: str, question_id: str) -> Result | None:
    """None where there is none yet, or no more."""
    stored = sealed_objects.get(_key(merchant_id, question_id))
    if stored is None:
        return None
    label, body = unlabelled(stored)
    return Result(**label, gzipped=body)


def _gzipped(answer: Answer) -> bytes:
    return gzip.compress(answer["body"].encode(), _LEVEL, mtime=0)


def _key(merchant_id: str, question_id: str) -> str:
    return f"{PREFIX}{merchant_id}/{question_id}"
