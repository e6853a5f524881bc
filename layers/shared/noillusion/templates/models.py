"""API models of templates. The text of a template is stored; the values filled into it are content and are never stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.core.fields import DISTINCT, NO_NUL, WHOLE, Description, Flag, Id, Name, Tag
from noillusion.core.hidden import HiddenKind
from noillusion.core.models import Model, Strict, Uuid, refused
from noillusion.core.sensitive import Content
from noillusion.profiles.models import ContentMode
from noillusion.templates.render import BUILTIN_VARIABLES, NAME_PATTERN

Origin = Literal["own", "community", "system", "built_in"]
Scope = Literal["mine", "community", "system"]
Sort = Literal["new", "rating", "usage"]
Part = Literal["name", "description", "system_text", "user_text", "variables"]
VariableType = Literal["text", "number", "choice", "boolean"]
Number = Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)] | Annotated[float, Field(strict=True, ge=-1e15, le=1e15)]
Scalar: TypeAlias = str | bool | int | float

MAX_TEXT = 8000
MAX_VALUE = 4000


SystemText = Annotated[str, StringConstraints(max_length=MAX_TEXT, strip_whitespace=True), NO_NUL]
UserText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, strip_whitespace=True), NO_NUL]
VariableName = Annotated[str, StringConstraints(pattern=rf"^{NAME_PATTERN}$")]
Value = Annotated[str, StringConstraints(max_length=MAX_VALUE), NO_NUL]
Platforms = Annotated[list[PlatformName], DISTINCT]
VariableValue = Annotated[Content, Field(max_length=MAX_VALUE)] | Flag | Number

_DIGITS = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_SPOKEN = {"true": "yes", "yes": "yes", "false": "no", "no": "no"}


class Variable(Strict):
    """A variable that the template declares. Texts refer to it as ``{name}``."""

    name: VariableName
    type: VariableType = "text"
    description: Description = ""
    required: Flag = Field(
        default=True, description="If there is neither a value nor a default: true refuses the request, false uses an empty text"
    )
    default: Value | Flag | Number | None = None
    max_length: Annotated[int, Field(strict=True, ge=1, le=MAX_VALUE), WHOLE] | None = Field(
        default=None, description="Maximum number of characters of a value of the type text"
    )
    choices: Annotated[list[Name], DISTINCT] = Field(default_factory=list, max_length=30)

    @model_validator(mode="after")
    def _consistent(self) -> Variable:
        if self.name in BUILTIN_VARIABLES:
            raise refused("builtin_variable")
        if (self.type == "choice") != bool(self.choices):
            raise refused("choices")
        if self.max_length is not None and self.type != "text":
            raise refused("max_length")
        if self.default is not None and self.spell(self.default) is None:
            raise refused(self.expected)
        if isinstance(self.default, str) and self.too_long(self.default):
            raise refused("variable_too_long", limit=self.max_length)
        return self

    def spell(self, value: Scalar) -> str | None:
        """Return a value as text, or ``None`` if it does not match the type (:attr:`expected`)."""
        return _SPELLINGS[self.type](self, value)

    def too_long(self, value: Scalar) -> bool:
        """Return whether a value has more characters than the variable may have."""
        return self.max_length is not None and isinstance(value, str) and len(value) > self.max_length

    @property
    def expected(self) -> str:
        """Return the rule that a value breaks that does not match the type."""
        return _EXPECTED[self.type]


def _text(_: Variable, value: Scalar) -> str | None:
    return value if isinstance(value, str) else None


def _number(_: Variable, value: Scalar) -> str | None:
    text = str(value).strip()
    return text if isinstance(value, float) or _DIGITS.fullmatch(text) else None


def _choice(variable: Variable, value: Scalar) -> str | None:
    return value if isinstance(value, str) and value in variable.choices else None


def _boolean(_: Variable, value: Scalar) -> str | None:
    return _SPOKEN.get(str(value).strip().lower())


_SPELLINGS: Mapping[VariableType, Callable[[Variable, Scalar], str | None]] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "boolean": _boolean,
}
_EXPECTED: Mapping[VariableType, str] = {
    "text": "not_string",
    "number": "not_number",
    "choice": "not_a_choice",
    "boolean": "not_boolean",
}


class PromptText(Strict):
    """The versioned part of a template."""

    system_text: SystemText = ""
    user_text: UserText
    variables: list[Variable] = Field(default_factory=list, max_length=30)

    @model_validator(mode="after")
    def _declared_once(self) -> PromptText:
        if len({variable.name for variable in self.variables}) != len(self.variables):
            raise refused("variables_once")
        return self


class TemplateContentInput(PromptText):
    """What a template says, and what it is for."""

    name: Name
    description: Description = ""
    content_mode: ContentMode
    platforms: Platforms = Field(
        default_factory=list, max_length=len(PLATFORMS), description="Platforms the template is for. Empty: all platforms"
    )
    tags: Annotated[list[Tag], DISTINCT] = Field(default_factory=list, max_length=10)


class TemplateInput(TemplateContentInput):
    """A new template."""

    is_default: Flag = Field(default=False, description="Use this template by default for its content mode")


class TemplatePut(TemplateInput):
    """A template that replaces the current version."""

    version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), WHOLE] | None = Field(
        default=None, description="Version that was edited. The update is refused if there is a newer one"
    )


class CopyInput(Strict):
    """Options of the copy."""

    name: Name | None = Field(default=None, description="Null: the name of the source")


class RatingInput(Strict):
    """Your rating of a shared template."""

    stars: Annotated[int, Field(strict=True, ge=1, le=5), WHOLE]


class VersionRating(Model):
    """Ratings that users gave to one version."""

    average: float | None = Field(description="1 to 5 with two decimals; null if there are no ratings")
    count: int


class Rating(Model):
    """Rating of a shared template: of all its versions together, from the first to the current one."""

    average: float | None = Field(description="1 to 5 with two decimals; null if there are no ratings")
    count: int
    mine: int | None = Field(description="Your own rating")
    mine_version: int | None = Field(description="Version that your rating is about; null if that was not recorded")


class Pin(Model):
    """Your choice of the version of a template that somebody else shares."""

    version: int | None = Field(description="Version that your generations use; null: the current one, whatever it is")
    follows: bool = Field(description="True if you follow the author's changes instead of using one version")


class LineageEntry(Model):
    """A version of a template from which another one comes."""

    template_id: Uuid
    version: int


class TemplateHiddenCharacter(Model):
    """A character that a person does not see and a model reads."""

    place: Part
    variable: VariableName | None = Field(description="Name of the variable, if it is in one")
    at: int = Field(description="Position in code points")
    character: str = Field(pattern=r"^U\+[0-9A-F]{4,6}$")
    kind: HiddenKind


class TemplateSummary(Model):
    """A template without its texts. Authors are never shown; origin of a copy and default only on your own templates."""

    id: Uuid
    origin: Origin
    name: str
    description: str
    content_mode: ContentMode
    platforms: list[PlatformName]
    tags: list[str]
    version: int
    is_default: bool
    shared_at: datetime | None
    copied_from: Uuid | None
    copied_version: int | None
    usage_count: int
    rating: Rating
    created_at: datetime
    updated_at: datetime


class Template(TemplateSummary):
    """A template with the texts of one of its versions."""

    version_rating: VersionRating = Field(description="Ratings of the version that is shown")
    pin: Pin | None = Field(description="Null if you have not used the template yet, or it is your own or the system's")

    lineage: list[LineageEntry] = Field(description="Where an imported template of your own comes from, the nearest first")
    hidden_characters: list[TemplateHiddenCharacter] = Field(
        description="Characters of direction, without a shape, and tags, in what the template says: at most 50"
    )
    system_text: str
    user_text: str
    variables: list[Variable]


class ResolvedTemplate(Model):
    """A template as a generation uses it, from whatever source."""

    id: Uuid | None
    origin: Origin
    name: str
    content_mode: ContentMode
    version: int
    system_text: str
    user_text: str
    variables: list[Variable]


class Filters(Model):
    """Filters of a list of templates."""

    q: str | None = None
    mode: ContentMode | None = None
    platform: PlatformName | None = None
    tag: str | None = None


class PreviewRequest(Strict):
    """A stored or an inline template, and the values to fill in. Nothing is stored."""

    template_id: Id | None = None
    template: PromptText | None = None
    variables: dict[VariableName, VariableValue] = Field(default_factory=dict, max_length=60)
    platforms: Platforms = Field(default_factory=list, max_length=len(PLATFORMS))
    topic: Content | None = Field(default=None, max_length=MAX_VALUE)
    text: Content | None = Field(default=None, max_length=MAX_TEXT)

    @model_validator(mode="after")
    def _one_template(self) -> PreviewRequest:
        if (self.template_id is None) == (self.template is None):
            raise refused("one_template", allowed=["template_id", "template"])
        return self


class Preview(Model):
    """The texts as they would be sent. Variables without a value are left unchanged."""

    system_text: str
    user_text: str
    missing: list[str] = Field(description="Variables used in the texts that have no value")
    unknown: list[str] = Field(description="Variables in the request that the template does not have")
