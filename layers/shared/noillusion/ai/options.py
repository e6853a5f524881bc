"""How a text is generated, as requests say it: at once, or when something is due."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from noillusion.catalog.models import Effort
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.fields import DISTINCT, WHOLE, Flag, Id, Language, ModelName
from noillusion.core.models import Strict, refused
from noillusion.core.sensitive import Content
from noillusion.templates.models import VariableName, VariableValue

TextLength = Literal["short", "usual", "long"]
Words = Annotated[list[Annotated[Content, Field(min_length=1, max_length=60)]], DISTINCT]


def folded(word: Content) -> str:
    """Return a word as it is compared with others."""
    return word.reveal().strip().casefold()


class GenerationOptions(Strict):
    """How a text is generated. What is not set here is decided by the template, or else left to the model."""

    topic: Content | None = Field(default=None, min_length=1, max_length=4000, description="Topic or brief")
    template_id: Id | None = Field(
        default=None, description="Template to use. Default: your default template, or else the built-in one"
    )
    template_version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), WHOLE] | None = Field(
        default=None,
        description="Version of the named template. Default: the current one of your own and of the system's templates; "
        "of others' templates the one that you have pinned, or else used first",
    )
    variables: dict[VariableName, VariableValue] = Field(
        default_factory=dict, max_length=60, description="Values of the variables of the template"
    )
    tone: Annotated[Content, Field(min_length=1, max_length=100)] | None = None
    audience: Annotated[Content, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Readers the text is for"
    )
    call_to_action: Annotated[Content, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="What the readers are asked to do"
    )
    length: TextLength | None = Field(default=None, description="Length of the text, compared with what is usual on the platform")
    keep: Words = Field(
        default_factory=list, max_length=20, description="Words that must be in the text exactly as they are written here"
    )
    avoid: Words = Field(default_factory=list, max_length=20, description="Words that must not be in the text")
    language: Language | None = Field(
        default=None,
        description="Language of the result: a tag such as es-419, or a name. Default: that of the topic or text, or the locale "
        "of the profile if there is neither",
    )
    providers: Annotated[list[Provider], DISTINCT] | None = Field(
        default=None,
        min_length=1,
        max_length=len(PROVIDERS),
        description="Providers in the order to try them. Default: the order of the profile",
    )
    models: dict[Provider, ModelName] = Field(default_factory=dict, description="Model to use, by provider")
    max_output_tokens: Annotated[int, Field(strict=True, ge=256, le=32_000), WHOLE] | None = Field(
        default=None, description="Maximum number of output tokens, including reasoning"
    )
    reasoning_effort: Effort | None = Field(
        default=None,
        description="How hard models think. Default: the effort of the profile, or else that of the model in `GET /v1/ai/models`",
    )
    include_hashtags: Flag = True

    @field_validator("avoid")
    @classmethod
    def _not_kept(cls, avoid: Any, info: ValidationInfo) -> Any:
        if {folded(word) for word in info.data.get("keep", ())} & {folded(word) for word in avoid}:
            raise refused("kept_and_avoided")
        return avoid

    @field_validator("include_hashtags")
    @classmethod
    def _hashtags_kept(cls, wanted: bool, info: ValidationInfo) -> bool:
        if not wanted and any("#" in folded(word) for word in info.data.get("keep", ())):
            raise refused("kept_hashtag")
        return wanted

    @model_validator(mode="after")
    def _has_subject(self) -> Self:
        if self._needs_subject() and not self.topic and not self.template_id:
            raise refused("topic_missing", allowed=["topic", "template_id"])
        if self.template_version and not self.template_id:
            raise refused("version_without_template")
        return self

    def _needs_subject(self) -> bool:
        return True
