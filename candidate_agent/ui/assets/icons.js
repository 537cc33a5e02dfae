// Our own small line icons on a 24-unit grid. Each stands beside its word, so all are hidden from screen readers.
import {h} from "./dom.js";

const PATHS = {
  check: "M5 12.5l4.5 4.5L19 7.5",
  look: "M12 4.5l8.5 15h-17zM12 10v4.2M12 17v.2",
  stop: "M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2zM12 7.5v5.3M12 16v.2",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
  wait: "M12 3.5a8.5 8.5 0 108.5 8.5M12 7.5V12l3 2",
  screen: "M3.5 5h17v11h-17zM9 20h6M12 16v4",
  webcam: "M3.5 7h11v10h-11zM14.500 10.500l6-3v9l-6-3",
  audio: "M12 3.500a2.500 2.500 0 00-2.500 2.500v5a2.500 2.500 0 005 0V6A2.500 2.500 0 0012 3.500zM6 11a6 6 0 0012 0M12 17v3.500",
  id_card: "M3.500 5.500h17v13h-17zM8.500 12a2 2 0 100-4 2 2 0 000 4zM5.800 15.800c.5-1.500 1.500-2.200 2.700-2.200s2.200.7 2.700 2.200M14 9.500h4M14 13h4",
  room: "M4 10.500L12 4l8 6.500V20H4zM10 20v-6h4v6",
  events: "M6 3.500h9l4 4V20.500H6zM9 11h7M9 14.500h7M9 18h4",
  chat: "M4 5h16v11h-8.500L7 20v-4H4z",
  hand: "M7.500 12.500V6.800a1.400 1.400 0 012.800 0V11m0-.5V4.900a1.400 1.400 0 012.800 0V11m0-.5V5.800a1.400 1.400 0 012.800 0v6.700m0-2.500a1.400 1.400 0 012.800 0v4.500c0 3.500-2.500 6-6 6-3 0-4.600-1.200-6-3.700L4.300 13a1.400 1.400 0 012.400-1.400l1.300 2",
  help: "M12 20.500a8.500 8.500 0 100-17 8.500 8.500 0 000 17zM9.500 9.500a2.500 2.500 0 115 .2c0 1.700-2.500 1.900-2.500 3.800M12 16.700v.2",
  link: "M4 18v-3M9.300 18v-6M14.700 18V9M20 18V5",
  lost: "M4 18v-3M9.300 18v-6M14 5.500l6 6M20 5.500l-6 6",
  clock: "M12 20.500a8.500 8.500 0 100-17 8.500 8.500 0 000 17zM12 7.500V12l3 2",
  leave: "M13 4H5v16h8M10 12h10.500M17 8.500l3.500 3.500-3.500 3.500",
  send: "M4 12l16-7.500-5 15-3.500-6z",
  finish: "M5 12.500l4.500 4.500L19 7.500",
  size: "M3.500 18L8 6.500 12.500 18M5 14.500h6M14.500 18l3-7.500 3 7.500M15.500 15.500h4",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.500l6 6 6-6",
  lock: "M6 10.500h12v10H6zM8.500 10.500V7.500a3.500 3.500 0 017 0v3",
  computer: "M5 5h14v10H5zM2.500 19h19",
  globe: "M12 20.500a8.500 8.500 0 100-17 8.500 8.500 0 000 17zM3.500 12h17M12 3.500c2.500 2.500 3.500 5.300 3.500 8.500s-1 6-3.500 8.500c-2.500-2.500-3.500-5.300-3.500-8.500s1-6 3.500-8.500z",
  sun: "M12 16a4 4 0 100-8 4 4 0 000 8zM12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1 1M17.400 17.400l1 1M5.600 18.400l1-1M17.400 6.600l1-1",
};

// What points along the line of reading is turned around where that runs from right to left.
const POINTING = new Set(["chat", "events", "help", "leave", "link", "lost", "send"]);

export function icon(name, extra = "") {
  return h("svg", {class: `icon ${POINTING.has(name) ? "pointing " : ""}${extra}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false"}, h("path", {d: PATHS[name] || PATHS.help}));
}
