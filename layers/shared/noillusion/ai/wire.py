"""What goes to one provider, as it is shown: the hash of all of it, and what is known of the model."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from noillusion.ai.plan import Candidate
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import options
from noillusion.catalog.models import status_of


def request_hash(candidate: Candidate, prompt: Prompt) -> str:
    """SHA-256 of the canonical JSON of all that an attempt sends, in hexadecimal."""
    sent = {
        "provider": candidate.provider,
        "model": candidate.model,
        "options": options(candidate.provider, candidate.effort),
        "messages": prompt.messages,
        "parameters": prompt.parameters,
    }
    canonical = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def model_facts(candidate: Candidate, now: datetime) -> dict[str, Any]:
    """Return whether the model of an attempt can be relied on, and until when."""
    entry = candidate.entry
    return {
        "model_status": status_of(entry, now.astimezone(UTC).date()),
        "model_ends_on": entry.ends if entry else None,
    }
