"""What a page may be given: camera and microphone by policy, and nothing else whatever the policy says."""

import pytest
from PySide6.QtWebEngineCore import QWebEnginePermission

from candidate_agent.ui.exam_page import granted
from exam_protocol.policy import Policy

Kind = QWebEnginePermission.PermissionType
CAMERA, MICROPHONE = Policy(page_camera=True), Policy(page_microphone=True)
BOTH = Policy(page_camera=True, page_microphone=True)
OF_THE_POLICY = (Kind.MediaVideoCapture, Kind.MediaAudioCapture, Kind.MediaAudioVideoCapture)


@pytest.mark.parametrize(
    ("policy", "given"),
    [
        (Policy(), set()),
        (CAMERA, {Kind.MediaVideoCapture}),
        (MICROPHONE, {Kind.MediaAudioCapture}),
        (BOTH, set(OF_THE_POLICY)),
    ],
)
def test_a_page_is_given_what_its_policy_names(policy: Policy, given: set[Kind]) -> None:
    assert {kind for kind in OF_THE_POLICY if granted(kind, policy)} == given


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in OF_THE_POLICY], ids=lambda kind: kind.name)
def test_all_else_is_refused_by_every_policy(kind: Kind) -> None:
    assert not granted(kind, BOTH)
