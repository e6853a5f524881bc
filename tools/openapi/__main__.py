"""Generate the OpenAPI document and the pages of ``docs`` that follow from the code: ``python -m tools.openapi [--check]``."""

from __future__ import annotations

import json
import os
import sys

from tools import errors, kinds, prompts
from tools.openapi.document import ROOT, TARGETS, generate


def main() -> None:
    """Write the generated files, or exit with an error if one is out of date (``--check``)."""
    described = json.dumps(generate(), indent=1, ensure_ascii=False) + "\n"
    pages = {
        **dict.fromkeys(TARGETS, described),
        errors.TARGET: errors.markdown(),
        kinds.TARGET: kinds.markdown(),
        prompts.TARGET: prompts.markdown(),
    }
    if "--check" in sys.argv:
        stale = [target.relative_to(ROOT) for target, text in pages.items() if not target.is_file() or target.read_text() != text]
        if stale:
            sys.exit(f"{', '.join(map(str, stale))}: out of date; run `make openapi`")
    else:
        for target, text in pages.items():
            target.write_text(text)


if __name__ == "__main__":
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    main()
