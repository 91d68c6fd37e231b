"""The JSON topics of a mapping: each read by its plan, its rows gathered until the next commit."""

from __future__ import annotations

from ballast.errors import Refused
from ballast.plant.collect.json_message import JsonPlan, plan_of, read_json
from ballast.plant.collect.json_rows import GatheredJson
from ballast.plant.collect.noted import Noted
from ballast.plant.collect.numbering import Numbering
from ballast.plant.site import Site
from ballast.plant.spool.events import EventKind
from ballast.plant.spool.samples import Flag
from ballast.words import Sentence, pack

__all__ = ["JsonTopics"]


class JsonTopics:
    """What comes on the topics of one site.

    Parameters
    ----------
    site
        The mapping; none: no topic is known.
    numbering
        Gives the tags their numbers.
    noted
        Told of what cannot be read.
    """

    def __init__(self, site: Site | None, numbering: Numbering, noted: Noted) -> None:
        self._numbering, self._noted = numbering, noted
        self._plans: dict[str, JsonPlan] = {}
        self._numbers: dict[str, list[int]] = {}
        self.gathered = (GatheredJson(ordered=False), GatheredJson(ordered=True))
        if site is not None:
            topics = {one.topic: one for one in site.topics.values()}
            for topic, tags in site.json_topics.items():
                self._plans[topic] = plan_of(topics[topic], tags, site.zone)

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics."""
        return tuple(self._plans)

    def take(self, topic: str, payload: bytes, now: int, message: int, *, retained: bool) -> int:
        """Take a message; return how many samples it held.

        Parameters
        ----------
        topic, payload
            As received.
        now
            Time of receipt, epoch ms.
        message
            Its number among those received.
        retained
            Whether the broker had kept it.
        """
        plan = self._plans.get(topic)
        if plan is None or not payload:  # an empty one takes back what was retained
            return 0
        tally = self._noted.tally
        try:
            rows = read_json(payload, plan)
        except Refused as error:
            tally.add(EventKind.UNREADABLE, topic, None, now, 1, _packed(_said(error)))
            return 0
        if rows.bad_times:
            said = Sentence("told a time that is none; the time of receipt stands for it")
            tally.add(EventKind.UNREADABLE, topic, None, now, rows.bad_times, _packed(said))
        flag = Flag.RETAINED if retained else Flag(0)
        gathered = self.gathered[any(one is not None for one in rows.ordinals)]
        skipped = gathered.add(rows, self._numbers_of(plan), now, message, flag)
        if skipped:
            said = Sentence("a retained message without a time was not stored")
            tally.add(EventKind.DOUBT, topic, None, now, skipped, _packed(said))
        return len(rows.places)

    def _numbers_of(self, plan: JsonPlan) -> list[int]:
        numbers = self._numbers.get(plan.topic)
        if numbers is None:
            numbers = [self._numbering.of(tag, mapped=True) for tag in plan.tags]
            self._numbers[plan.topic] = numbers
            self._noted.comes_from(numbers, plan.topic)
        return numbers


def _said(error: Refused) -> Sentence:
    return Sentence(error.template, error.values)


def _packed(said: Sentence) -> str:
    return pack([said]) or ""
