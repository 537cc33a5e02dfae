// The peer's page: packets from a bare WebSocket to a canvas each, by the console's own decoder and painter.
// window.bare_ages_ms: age of each picture when it was drawn; bare_lost: those that came without what they build upon.

import { VideoTrack, paint } from "/console/media/video.js";

const players = new Map();
window.bare_ages_ms = [];
window.bare_lost = 0;
window.bare_drawn = new Set(); // whose pictures

function player(name) {
  if (!players.has(name)) {
    const canvas = document.createElement("canvas");
    document.querySelector("main").append(canvas);
    const draw = (frame) => {
      paint(canvas, frame);
      window.bare_ages_ms.push(Date.now() - frame.timestamp / 1000);
      window.bare_drawn.add(name);
    };
    const lost = (count) => {
      window.bare_lost += count;
    };
    players.set(name, new VideoTrack(draw, lost));
  }
  return players.get(name);
}

const socket = new WebSocket(new URL("/to", location.href.replace("http", "ws")));
socket.binaryType = "arraybuffer";
socket.onmessage = ({ data }) => {
  const view = new DataView(data);
  const header = { flags: view.getUint8(2), sequence: view.getUint32(8), mediaTimeUs: Number(view.getBigUint64(12)) };
  const media = { width: view.getUint16(4), height: view.getUint16(6), data: new Uint8Array(data, 20) };
  player(`${view.getUint8(0)}:${view.getUint8(1)}`).take(header, media);
};
