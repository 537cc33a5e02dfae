"""Which combinations mean copy, cut and paste, in every way that the engine knows."""

import pytest
from PySide6.QtCore import Qt

from candidate_agent.ui.input_guard import clipboard_word

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CONTROL, SHIFT, ALT, NONE = (
    Modifier.ControlModifier, Modifier.ShiftModifier, Modifier.AltModifier, Modifier.NoModifier,
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "modifiers", "word"),
    [
        (Key.Key_C, CONTROL, "copy"),
        (Key.Key_C, CONTROL | SHIFT, "copy"),
        (Key.Key_X, CONTROL, "cut"),
        (Key.Key_V, CONTROL, "paste"),
        (Key.Key_V, CONTROL | SHIFT, "paste"),
        (Key.Key_Insert, CONTROL, "copy"),
        (Key.Key_Insert, SHIFT, "paste"),
        (Key.Key_Delete, SHIFT, "cut"),
        (Key.Key_Copy, NONE, "copy"),
        (Key.Key_Cut, NONE, "cut"),
        (Key.Key_Paste, NONE, "paste"),
        (Key.Key_C, NONE, ""),
        (Key.Key_V, SHIFT, ""),
        (Key.Key_V, CONTROL | ALT, ""),
        (Key.Key_Insert, NONE, ""),
        (Key.Key_Delete, NONE, ""),
        (Key.Key_Delete, CONTROL, ""),
        (Key.Key_A, CONTROL, ""),
        (Key.Key_Z, CONTROL, ""),
    ],
)
def test_a_combination_is_known(key: Qt.Key, modifiers: Qt.KeyboardModifier, word: str) -> None:
    assert clipboard_word(key, modifiers) == word
