"""Moods: denied, planned, possible, supposed, reported, ended; the last of these that a sentence has counts."""

from __future__ import annotations

import pytest
from tests.reading import read_text

from spacekg.model import Claim, Modality, Polarity


def said(text: str, subject: str, predicate: str) -> Claim:
    found = [claim for claim in read_text(text) if (claim.subject, claim.predicate) == (subject, predicate)]
    assert found, [(claim.subject, claim.predicate) for claim in read_text(text)]
    return found[0]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("ESA launched Planck.", Modality.ASSERTED),
        ("ESA plans to launch Planck.", Modality.PLANNED),
        ("ESA might launch Planck.", Modality.POSSIBLE),
        ("ESA plans that it might launch Planck.", Modality.POSSIBLE),
        ("If ESA launched Planck, it would be seen.", Modality.HYPOTHETICAL),
        ("ESA was to launch Planck.", Modality.PLANNED),
        ("ESA hopes to launch Planck.", Modality.PLANNED),
        ("ESA decided to launch Planck.", Modality.PLANNED),
        ("The launch of Planck by ESA was called off.", Modality.ENDED),
        ("Imagine that ESA launched Planck.", Modality.HYPOTHETICAL),
        ("Did ESA launch Planck?", Modality.HYPOTHETICAL),
        ("According to NASA, ESA launched Planck.", Modality.REPORTED),
        ("NASA said that ESA launched Planck.", Modality.REPORTED),
        ("ESA is said to have launched Planck.", Modality.REPORTED),
        ("That ESA launched Planck is a legend.", Modality.REPORTED),
        ("Hearsay has it that ESA launched Planck.", Modality.REPORTED),
        ("One often reads that Planck was launched by ESA; that is wrong.", Modality.REPORTED),
        ("ESA or NASA launched Planck.", Modality.POSSIBLE),
        ("Whether ESA launched Planck is disputed.", Modality.HYPOTHETICAL),
        ("ESA's bid to launch Planck was turned down.", Modality.PLANNED),
    ],
)
def test_the_mood_of_a_statement_is_read(text: str, modality: Modality) -> None:
    claim = said(text, "planck", "launchedBy")
    assert (claim.modality, claim.polarity) == (modality, Polarity.AFFIRMED)


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("ESA did not launch Planck.", Polarity.DENIED),
        ("ESA never launched Planck.", Polarity.DENIED),
        ("ESA refused to launch Planck.", Polarity.DENIED),
        ("It is untrue that ESA launched Planck.", Polarity.DENIED),
        ("ESA almost launched Planck.", Polarity.DENIED),
        ("None other than ESA launched Planck.", Polarity.AFFIRMED),
        ("ESA did not refuse to launch Planck.", Polarity.AFFIRMED),
        ("ESA not only launched Planck but also paid for it.", Polarity.AFFIRMED),
        ("ESA, which is not large, launched Planck.", Polarity.AFFIRMED),
    ],
)
def test_denials_are_read_and_two_cancel_each_other(text: str, polarity: Polarity) -> None:
    assert said(text, "planck", "launchedBy").polarity is polarity


@pytest.mark.parametrize("text", ["According to NASA, ESA launched Planck.", "NASA said that ESA launched Planck."])
def test_a_report_names_its_source(text: str) -> None:
    assert said(text, "planck", "launchedBy").attributed_to == "nasa"


def test_a_source_without_a_name_is_none() -> None:
    claim = said("According to reports, ESA launched Planck.", "planck", "launchedBy")
    assert (claim.modality, claim.attributed_to) == (Modality.REPORTED, "")
