// Saves the answer half a second after the last key, and draws the time code of demo/time_code.py.
"use strict";

const answer = document.getElementById("answer");
const saved = document.getElementById("saved");
const SAVE_AFTER_MS = 500;
let timer = 0;

async function save() {
  try {
    const reply = await fetch("answer", { method: "PUT", body: answer.value });
    saved.textContent = reply.ok ? "Saved." : "Not saved yet. We try again with your next key.";
  } catch {
    saved.textContent = "Not saved yet. We try again in a moment.";
    timer = setTimeout(save, 4 * SAVE_AFTER_MS);
  }
}

answer.addEventListener("input", () => {
  saved.textContent = "Saving…";
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_AFTER_MS);
});

const VALUE_BITS = 24, CHECK_BITS = 4, CELL_PX = 32, TICK_MS = 100, DRAW_MS = 200;
const canvas = document.getElementById("time-code");
const clock = document.getElementById("clock");
const pen = canvas.getContext("2d");

function draw() {
  const now = Date.now();
  const value = Math.floor(now / TICK_MS) % 2 ** VALUE_BITS;
  let check = 0;
  for (let shift = 0; shift < VALUE_BITS; shift += 4) check += (value >> shift) & 15;
  const number = value * 2 ** CHECK_BITS + (check % 16);
  const cells = VALUE_BITS + CHECK_BITS, frame = CELL_PX / 2;
  pen.fillStyle = "#ff00ff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (let cell = 0; cell < cells; cell++) {
    pen.fillStyle = (number >> (cells - 1 - cell)) & 1 ? "#fff" : "#000";
    pen.fillRect(frame + cell * CELL_PX, frame, CELL_PX, canvas.height - 2 * frame);
  }
  clock.textContent = new Date(now).toISOString().slice(11, 19) + " UTC";
}

draw();
setInterval(draw, DRAW_MS);
