"""Notices as stored. Table: merchants, `spent#id / notice#day#about`, for 35 days."""

from datetime import date, datetime, timedelta

from sharetrail import calendars
from sharetrail.aws import metrics
from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import MERCHANTS
from sharetrail.aws.warm_cache import Aged
from sharetrail.merchants.daily_allowance import spent_by
from sharetrail.merchants.notice import SUBJECTS, Notice, NoticeSubject
from sharetrail.merchants.profile import Merchant

CONCERN = "AllowanceUsedUp"
_LIFETIME = timedelta(days=35)
_recent: Aged[bool] = Aged(timedelta(hours=1))
"""Those that an instance put lately: who is refused again and again causes no write each time."""


def keep(merchant: Merchant, about: NoticeSubject, now: datetime) -> None:
    """The fact that something was used up on this local day; again changes nothing."""
    notice = Notice(day=calendars.local_day(now, merchant.tz), about=about)
    key = _key(merchant, notice)
    _recent.get("/".join(key.values()), now, lambda _brisk: _tell(merchant, notice, now))


def of_days(merchant: Merchant, first: date, last: date) -> tuple[Notice, ...]:
    """Those of the local days from `first` to `last`, both included, by day."""
    between = (f"notice#{first}", f"notice#{last}$")  # `$` comes right after `#`
    rows = MERCHANTS.query(spent_by(merchant.id), between=between)
    notices = (load(Notice, row) for row in rows)
    return tuple(sorted(notices, key=lambda notice: (notice.day, SUBJECTS.index(notice.about))))


def lately(merchant: Merchant, now: datetime) -> tuple[Notice, ...]:
    """Those that are still kept."""
    today = calendars.local_day(now, merchant.tz)
    return of_days(merchant, today - _LIFETIME, today)


def _tell(merchant: Merchant, notice: Notice, now: datetime) -> bool:
    """Whoever is first to keep it rings: once a merchant, a day and an allowance."""
    is_first = _write(_key(merchant, notice), notice, now)
    if is_first:
        metrics.ring(CONCERN, now, merchant=merchant.id, about=notice.about)
    return is_first


def _write(key: dict[str, str], notice: Notice, now: datetime) -> bool:
    """As an update, which those who take of allowances may do: a browser's functions put nothing
    among the merchants."""
    told = {**dump(notice), "expires": int((now + _LIFETIME).timestamp())}
    fields = ", ".join(f"#{name} = :{name}" for name in told)
    return MERCHANTS.update(key, f"SET {fields}", "attribute_not_exists(pk)", told, **told)


def _key(merchant: Merchant, notice: Notice) -> dict[str, str]:
    return {"pk": spent_by(merchant.id), "sk": f"notice#{notice.day}#{notice.about}"}
