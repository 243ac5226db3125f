"""No line means no; a prohibition beats every permit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import policy

ASKER = policy.System("test")


@pytest.fixture
def own_policy(monkeypatch):
    """An empty policy of the test's own."""
    for registry in ("_standings", "_permits", "_prohibitions"):
        monkeypatch.setattr(policy, registry, {})
    policy.standing("always", "everybody")(lambda by, **_: True)
    policy.standing("never", "nobody")(lambda by, **_: False)


@pytest.mark.usefixtures("own_policy")
class TestPolicy:
    def test_what_nobody_wrote_down_is_refused(self):
        assert not policy.allows("moon.visit", ASKER)

    def test_one_standing_that_holds_is_enough(self):
        policy.permit("door.open", "open the door", to=["never", "always"])

        assert policy.allows("door.open", ASKER)

    def test_no_standing_that_holds_is_a_no(self):
        policy.permit("door.open", "open the door", to=["never"])

        assert not policy.allows("door.open", ASKER)

    def test_a_prohibition_beats_the_permit(self):
        policy.permit("door.open", "open the door", to=["always"])
        policy.permit("door.close", "close the door", to=["always"])
        policy.forbid("night", "at night")(lambda permission, by, **_: permission == "door.open")

        assert not policy.allows("door.open", ASKER)
        assert policy.allows("door.close", ASKER)

    def test_the_subject_reaches_the_standing(self):
        policy.standing("owner", "its owner")(lambda by, *, thing, **_: thing == "mine")
        policy.permit("thing.take", "take it", to=["owner"])

        assert policy.allows("thing.take", ASKER, thing="mine")
        assert not policy.allows("thing.take", ASKER, thing="yours")

    def test_a_permit_for_an_unknown_standing_fails_loudly(self):
        policy.permit("door.open", "open the door", to=["ghost"])

        with pytest.raises(KeyError):
            policy.allows("door.open", ASKER)

    @pytest.mark.parametrize(
        "again",
        [
            lambda: policy.permit("door.open", "x", to=["always"]),
            lambda: policy.standing("always", "x")(lambda by: True),
            lambda: policy.forbid("night", "x")(lambda p, by: True),
        ],
    )
    def test_nothing_is_declared_twice(self, again):
        policy.permit("door.open", "open the door", to=["always"])
        policy.forbid("night", "at night")(lambda permission, by, **_: False)

        with pytest.raises(ValueError, match="two"):
            again()

    def test_the_table_says_all_of_it_in_order(self):
        policy.permit("b.do", "do b", to=["always"], scope="clinical")
        policy.permit("a.do", "do a", to=["never", "always"])
        policy.forbid("night", "at night")(lambda permission, by, **_: False)

        assert [(r.permission, [s.words for s in r.standings]) for r in policy.table()] == [
            ("a.do", ["nobody", "everybody"]),
            ("b.do", ["everybody"]),
        ]
        assert [p.name for p in policy.prohibitions()] == ["night"]
        assert policy.known() == {"a.do", "b.do"}
        assert set(policy.standings()) == {"always", "never"}


@given(permits=st.lists(st.booleans(), max_size=4), denies=st.lists(st.booleans(), max_size=4))
def test_adding_a_prohibition_never_widens_access(permits, denies):
    with pytest.MonkeyPatch.context() as patch:
        for registry in ("_standings", "_permits", "_prohibitions"):
            patch.setattr(policy, registry, {})
        for n, holds in enumerate(permits):
            policy.standing(f"s{n}", "")(lambda by, holds=holds, **_: holds)
        policy.permit("x.do", "", to=[f"s{n}" for n in range(len(permits))])
        answers = [policy.allows("x.do", ASKER)]
        for n, no in enumerate(denies):
            policy.forbid(f"d{n}", "")(lambda permission, by, no=no, **_: no)
            answers.append(policy.allows("x.do", ASKER))

    assert answers[0] == any(permits)
    assert answers == sorted(answers, reverse=True)
    assert answers[-1] == (any(permits) and not any(denies))


def test_the_actors_without_an_account():
    assert policy.allows("nothing.known", policy.Nobody()) is False
    assert policy.is_the_program(ASKER)
    assert not policy.is_the_program(policy.Nobody())
    assert policy.has_signed_in(ASKER)
    assert not policy.has_signed_in(policy.Nobody())
    assert policy.is_anyone(policy.Nobody())
    assert (ASKER.pk, policy.Nobody().pk) == ("system:test", "")
