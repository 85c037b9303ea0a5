"""The values that every resource's answers are made of: see web/answers.py."""

from sharetrail.web.answers import (
    Currency,
    Day,
    Days,
    Fault,
    Moment,
    Money,
    Page,
    described,
    money,
)

__all__ = ["Currency", "Day", "Days", "Fault", "Moment", "Money", "Page", "described", "money"]
