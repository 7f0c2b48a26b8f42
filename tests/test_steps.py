"""Work in steps says what it waits for, and something else can be done meanwhile."""

from __future__ import annotations

import pytest

from spacekg import steps
from spacekg.steps import Need, Steps


def test_something_else_is_done_while_work_waits_first() -> None:
    done: list[str] = []

    def work() -> Steps[str]:
        done.append("asked")
        came = yield Need.PLACE
        done.append(f"came {came}")
        again = yield Need.THREAD
        return f"answer {again}"

    both = steps.meanwhile(work(), lambda: done.append("else") or "other")
    assert next(both) is Need.PLACE
    assert done == ["asked", "else"]
    assert both.send(True) is Need.THREAD
    with pytest.raises(StopIteration) as end:
        both.send(False)
    assert end.value.value == ("answer False", "other")
    assert done == ["asked", "else", "came True"]


def test_work_that_never_waits_is_done_first() -> None:
    done: list[str] = []

    def work() -> Steps[int]:
        done.append("asked")
        return 1
        yield Need.THREAD

    assert steps.finish(steps.meanwhile(work(), lambda: done.append("else"))) == (1, None)
    assert done == ["asked", "else"]


@pytest.mark.parametrize("failing", ["work", "else", "nobody"])
def test_work_is_given_up_when_nobody_goes_on_with_it(failing: str) -> None:
    ended: list[str] = []

    def fails(who: str) -> None:
        if who == failing:
            raise ValueError(who)

    def work() -> Steps[None]:
        try:
            yield Need.PLACE
            fails("work")
        finally:
            ended.append("work")

    both = steps.meanwhile(work(), lambda: fails("else"))
    if failing == "nobody":
        next(both)
        both.close()
    else:
        with pytest.raises(ValueError, match=failing):
            steps.finish(both)
    assert ended == ["work"]
