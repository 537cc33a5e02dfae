"""What a recording came to, in one line: of every display, the camera and the sound."""

from candidate_agent.capture.summary import summary


def test_every_source_says_what_it_took_left_out_and_lost() -> None:
    stats = {
        "sound_blocks": 900, "sound_dropped": 0, "sound_dbfs": -40.2, "refused": 1, "screen_in": 1200,
        "screen_still": 1100, "screen_dropped": 0, "screen_2_in": 10, "screen_2_still": 9, "screen_2_dropped": 2,
        "camera_in": 3000, "camera_still": 0, "camera_dropped": 4, "screen_packets": 100,
    }  # fmt: skip
    assert summary(stats) == (
        "screen: 1200 pictures, 1100 unchanged, 0 lost; screen_2: 10 pictures, 9 unchanged, 2 lost; "
        "camera: 3000 pictures, 0 unchanged, 4 lost; sound: 900 blocks, 0 lost; packets not kept: 1"
    )
    assert summary({}) == ""
