// Building pages without a framework: el() makes elements (text is always textContent), keyed() keeps a list's nodes,
// set() writes only what changed so that focus, selection and screen readers are left in peace.

const TURNS = /[\u202a-\u202e\u2066-\u2069]/g; // would turn the words beside them round; none of our own texts has one
const straight = (text) => String(text).replace(TURNS, "");

/** el("button", {class, id, onclick, data_session, disabled, aria_label}, ...children). */
export function el(tag, attributes = {}, ...children) {
  const node = tag === "svg" || tag === "path" ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name === "viewBox" ? name : name.replaceAll("_", "-"), value === true ? "" : straight(value));
  }
  const given = children.flat().filter((child) => child !== null && child !== undefined && child !== false);
  node.append(...given.map((child) => (child instanceof Node ? child : straight(child))));
  return node;
}

export function set(node, text) {
  const next = straight(text ?? "");
  if (node.textContent !== next) node.textContent = next;
}

export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

export function mark(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : straight(value));
}

/** Children of `parent` become `items`, one node each, kept by key: make(item) once, update(node, item) always. */
export function keyed(parent, items, keyOf, make, update = () => {}) {
  const nodes = (parent.keyedNodes ??= new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, node] of nodes) {
    if (!wanted.has(key)) {
      if (node.parentNode === parent) node.remove(); // else it moved to another list
      nodes.delete(key);
    }
  }
  items.forEach((item, at) => {
    const key = keyOf(item);
    if (!nodes.has(key)) nodes.set(key, make(item));
    const node = nodes.get(key);
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
    update(node, item);
  });
}

const ICONS = {
  person: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5.5 6c.4-3 2.6-4.5 5.5-4.5s5.100 1.500 5.500 4.500",
  flag: "M3.500 14.500v-12.500m0 .5h8.500l-2 3 2 3h-8.500",
  chat: "M2 3h12v8h-6.500l-3.500 3v-3h-2Z",
  sound: "M2 6v4h2.500l3.500 3v-10l-3.500 3Zm8.500-1a4.200 4.200 0 0 1 0 6m2-8a7 7 0 0 1 0 10",
  hand: "M8 14.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13Zm-1.800-8.200c0-2.400 3.800-2.300 3.800 0 0 1.600-2 1.500-2 3.200m0 2v.3",
  link: "M2 2l12 12M5 5.500a5.500 5.500 0 0 0-3 2.500m12 0a8 8 0 0 0-5.500-3.400m-3.500 5.900a4.500 4.500 0 0 1 3-1.500m0 4v.3",
  check: "M2.500 8.500l3.500 3.500 7.500-8",
  cross: "M3.500 3.500l9 9m0-9l-9 9",
  repeat: "M13.500 8a5.500 5.500 0 1 1-1.800-4.100m1.800-2.400v3h-3",
  pause: "M5 3v10m6-10v10",
  play: "M4.500 2.500v11l9-5.500Z",
  stop: "M5 1.500h6l3.500 3.500v6l-3.500 3.500h-6l-3.500-3.500v-6Zm3 3v4.500m0 2v.3",
  grow: "M9.500 2h4.500v4.500m-12 3v4.500h4.500m7.500-12l-5 5m-2 2l-5 5",
  key: "M6 11.500a3.500 3.500 0 1 1 2.800-5.600h5.700v3h-2v2h-2.500v-2h-1.100a3.500 3.500 0 0 1-2.900 2.600Zm-.5-3.500v.3",
  shield: "M8 1.500l5.500 2v4.500c0 3-2.300 5.300-5.500 6.500-3.200-1.200-5.500-3.500-5.500-6.500v-4.500Z",
  look: "M1.500 8s2.500-4.500 6.500-4.500 6.500 4.500 6.500 4.500-2.500 4.500-6.500 4.500-6.500-4.500-6.500-4.500Zm6.500 2a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  save: "M8 2v8m-3.500-3.500l3.500 3.500 3.500-3.500m-9 7.500h11",
  send: "M2 8l12-5.500-4 11.500-3-4.500Zm5 1.500l7-7",
};

export const icon = (name) =>
  el("svg", { class: "icon", viewBox: "0 0 16 16", aria_hidden: "true" }, el("path", { d: ICONS[name] }));
