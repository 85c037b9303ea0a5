"""Jobs that one message at a time works at. Table agenda: `merchant / lease#kind#about`.

A message is known by when it was first received, and holds its lease until it is done, also while
it waits for another attempt: so each of its attempts has the lease for longer. Where it never comes
again, the lease ends by itself.
"""

from datetime import datetime, timedelta

from sharetrail.agenda.job import Job
from sharetrail.agenda.jobs import LIFETIME
from sharetrail.aws.tables import AGENDA
from sharetrail.calendars import iso, moment

LASTS = timedelta(minutes=16)
"""Behind a message's attempt the next one begins, as the queue's VisibilityTimeout says; and none
works for longer."""
_OVER = ""


def take(job: Job, now: datetime) -> bool:
    """Whether the message of `now` has it: also where it had it before."""
    holder, place = iso(now), _place(job)
    standing = AGENDA.get(place["pk"], place["sk"])
    if standing is None:
        return AGENDA.put_once(_row(job, holder, now + LASTS))
    is_own = standing["holder"] == holder and standing["ends"] != _OVER
    if standing["ends"] > holder and not is_own:
        return False
    begins = moment(standing["ends"]) if is_own else now
    seen = {name: standing[name] for name in ("holder", "ends")}
    row = _row(job, holder, begins + LASTS)
    return AGENDA.put_if(row, "holder = :holder AND ends = :ends", **seen)


def end(job: Job, now: datetime) -> None:
    """The message of `now` is done with it."""
    row = {**_row(job, iso(now), now), "ends": _OVER}
    AGENDA.put_if(row, "holder = :holder", holder=iso(now))


def _row(job: Job, holder: str, ends: datetime) -> dict[str, str | int]:
    expires = int((ends + LIFETIME).timestamp())
    return {**_place(job), "holder": holder, "ends": iso(ends), "expires": expires}


def _place(job: Job) -> dict[str, str]:
    return {"pk": job.merchant, "sk": f"lease#{job.kind}#{job.about}"}
