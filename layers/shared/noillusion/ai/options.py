"""How a text is generated, as requests say it: at once, or when something is due."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.fields import DISTINCT, WHOLE, Flag, Id, Language, ModelName
from noillusion.core.models import Strict, refused
from noillusion.core.sensitive import Content
from noillusion.templates.models import VariableName, VariableValue


class GenerationOptions(Strict):
    """How a text is generated."""

    topic: Content | None = Field(default=None, min_length=1, max_length=4000, description="Topic or brief")
    template_id: Id | None = Field(
        default=None, description="Template to use. Default: your default template, or else the built-in one"
    )
    variables: dict[VariableName, VariableValue] = Field(
        default_factory=dict, max_length=60, description="Values of the variables of the template"
    )
    tone: Annotated[Content, Field(min_length=1, max_length=100)] | None = None
    language: Language | None = Field(
        default=None,
        description="Language of the result: a tag such as es-419, or a name. Default: the locale of the profile",
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
    include_hashtags: Flag = True

    @model_validator(mode="after")
    def _has_subject(self) -> Self:
        if self._needs_subject() and not self.topic and not self.template_id:
            raise refused("topic_missing", allowed=["topic", "template_id"])
        return self

    def _needs_subject(self) -> bool:
        return True
