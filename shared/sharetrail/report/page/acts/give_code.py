"""Giving a coupon code to an influencer, or taking it back."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from sharetrail.attribution import late_evidence
from sharetrail.problems import Malformed
from sharetrail.report import page_paths
from sharetrail.report.page.acts import act_words, done_words, name_influencer
from sharetrail.report.page.acts.act import NOBODY, Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import coupon_codes, influencers
from sharetrail.sharing.coupon_codes import Ownership
from sharetrail.words import names
from sharetrail.words.speech import say


@dataclass(frozen=True, kw_only=True)
class Code(Deed):
    kind: ClassVar[ActKind] = "code"
    stands: Ownership | None
    called: dict[str, str]

    @classmethod
    def read(cls, visit: Visit) -> Self:
        code = coupon_codes.plain(visit.query.get("code", ""))
        if len(code) > coupon_codes.LONGEST or not re.fullmatch(coupon_codes.PATTERN, code):
            raise Malformed(say("A coupon code has 1 to 100 characters, none of them a #."))
        value = visit.query.get("value")
        if value is not None and value != NOBODY:
            name_influencer.profile(visit, value)
        stands = coupon_codes.standing(visit.merchant.id, code, visit.now)
        before = (stands and stands.influencer) or NOBODY
        return cls(
            visit=visit,
            about={"code": code},
            label=code,
            before=before,
            after=value,
            stands=stands,
            called=influencers.names(visit.merchant.id, {before, value or NOBODY} - {NOBODY}),
        )

    @property
    def ways(self) -> tuple[str, ...]:
        return () if self.before == NOBODY else (NOBODY,)

    @property
    def back(self) -> str:
        return "" if self._whose == NOBODY else page_paths.person(self._whose)

    @property
    def back_label(self) -> str:
        return names.name(self.shown(self._whose))

    @property
    def _whose(self) -> str:
        """Whose page it leads back to: of who has it then, or else had it."""
        return self.before if self.after in (None, NOBODY) else str(self.after)

    def shown(self, value: str) -> str:
        return done_words.of_value(self.kind, value, self.called.get(value, ""))

    def words(self) -> Words:
        after = self.after or NOBODY
        return act_words.of_code(
            self.label,
            None if self.before == NOBODY else self.shown(self.before),
            None if after == NOBODY else self.shown(after),
            self.visit.merchant.coupons,
        )

    def do(self, act: Act) -> bool:
        merchant, owner = self.visit.merchant, None if act.after == NOBODY else act.after
        gift = Ownership(code=self.label, influencer=owner, since=act.at)
        is_so = self.before == act.after
        if not is_so and not coupon_codes.give_after(merchant.id, self.stands, gift):
            return False
        late_evidence.ask_again(merchant, act.at)  # also where the press before was cut short here
        return True
