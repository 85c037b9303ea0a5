"""Queues of analyses and of questions: what looks at one merchant's whole weeks, or a year."""

from typing import Any

from sharetrail import logs
from sharetrail.agenda import workers
from sharetrail.analysis import score_influencers
from sharetrail.api.questions import answer_question
from sharetrail.report.issuing import issue_reports


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return workers.work_off(
        event,
        {
            "score": score_influencers.score,
            "report": issue_reports.issue,
            "answer": answer_question.answer_all,
        },
        who_gives_up={"answer": answer_question.give_up},
    )
