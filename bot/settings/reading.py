"""The table about what is read in tickets."""

from typing import Annotated, Literal

from pydantic import Field

from bot.settings.section import Section
from bot.settings.values import ShortText

FieldMeaning = Literal["target", "symptom", "platform", "version", "language"]
FieldId = Annotated[str, Field(pattern=r"^[1-9]\d{0,18}$")]
SymptomKey = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Phrases = Annotated[tuple[ShortText, ...], Field(min_length=1, max_length=500)]


class ReadingSection(Section):
    """How tickets are read: classes of symptoms by the words for them, and what custom fields of the desk mean.

    A class of `symptoms` that has the name of a usual one adds words to it, any other is one more; without
    `usual_symptoms` there are no others. Custom fields are named by their number.
    """

    symptoms: dict[SymptomKey, Phrases] = Field(default_factory=dict)
    usual_symptoms: bool = True
    fields: dict[FieldId, FieldMeaning] = Field(default_factory=dict)
