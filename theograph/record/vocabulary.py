"""The words that some columns may hold, and the spellings accepted for each."""

from __future__ import annotations

from theograph.record.sectors import MODE_LABELS, SECTORS, STATUS_LABELS


def _with_labels(labels: dict[str, str], **spellings: str) -> dict[str, str]:
    accepted = {key: key for key in labels}
    accepted |= {label.casefold(): key for key, label in labels.items()}
    for key, words in spellings.items():
        accepted |= dict.fromkeys(words.split(", "), key)
    return accepted


# column -> accepted spelling in lower case -> the word that is stored
VOCABULARIES: dict[str, dict[str, str]] = {
    "sector": _with_labels(
        {sector.key: sector.label for sector in SECTORS},
        ed="a&e, emergency department, accident and emergency",
        nhs111="111, nhs 111, out of hours",
        gp="primary care, general practice",
        voluntary="vcse, home",
    ),
    "mode": _with_labels(
        MODE_LABELS,
        face_to_face="face-to-face, f2f, in person",
        telephone="phone, telephone/audio",
        video="video call, video consultation",
        home_visit="home",
        written="letter, email",
    ),
    "status": _with_labels(
        STATUS_LABELS,
        did_not_attend="dna, did not attend, was not brought",
        cancelled="canceled",
        attended="seen, completed",
    ),
    "sex": {
        **dict.fromkeys(("female", "f", "2", "woman"), "female"),
        **dict.fromkeys(("male", "m", "1", "man"), "male"),
        **dict.fromkeys(("other", "o", "indeterminate", "i"), "other"),
        **dict.fromkeys(("not_known", "not known", "unknown", "u", "x", "0", "9"), "not_known"),
    },
}
YES_NO: dict[str, bool] = {
    **dict.fromkeys(("true", "yes", "y", "1", "t"), True),
    **dict.fromkeys(("false", "no", "n", "0", "f"), False),
}
