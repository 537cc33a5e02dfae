"""What camera and screen show in the sample states: drawn here, from no file."""

import cv2
import numpy as np


def sample_picture(name: str) -> bytes:
    image = np.full((480, 640, 3), (96, 88, 80), np.uint8)
    image[:, :] = np.linspace(70, 140, 640, dtype=np.uint8)[None, :, None]
    cv2.rectangle(image, (60, 40), (220, 260), (150, 150, 140), -1)
    if name in ("camera", "id_card"):
        cv2.ellipse(image, (340, 470), (170, 150), 0, 0, 360, (110, 90, 50), -1)
        cv2.ellipse(image, (340, 250), (82, 108), 0, 0, 360, (150, 175, 215), -1)
        cv2.ellipse(image, (340, 180), (92, 70), 0, 180, 360, (40, 50, 70), -1)
    if name == "id_card":
        cv2.rectangle(image, (440, 230), (610, 340), (225, 225, 210), -1)
        cv2.putText(image, "SPECIMEN", (450, 330), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (90, 70, 40), 2)
    return bytes(cv2.imencode(".jpg", image)[1])
