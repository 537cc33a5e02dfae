// A keyed update of the page from plain descriptions. What did not change is not touched: focus, caret, scroll and typed text stay.
// Text is always a text node; there is no way in here to write markup.

const SVG = "http://www.w3.org/2000/svg";
const TURNS = /[\u202a-\u202e\u2066\u2067]/g; // would turn the words beside them round; none of our own texts has one

export function straight(text) {
  return String(text).replace(TURNS, "");
}

export function h(tag, props, ...children) {
  return {tag, props: props || {}, key: props && (props.key || props.id), children: children.flat(Infinity).filter(present)};
}

function present(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

export function patch(parent, wanted) {
  const keys = new Set(wanted.map((item) => item.key).filter(Boolean));
  for (const node of [...parent.childNodes]) if (node.__key && !keys.has(node.__key)) node.remove();
  const known = new Map([...parent.childNodes].filter((node) => node.__key).map((node) => [node.__key, node]));
  let at = parent.firstChild;
  for (const item of wanted) {
    let node = found(item, at, known);
    if (!node) node = parent.insertBefore(create(item), at);
    else if (node !== at) parent.insertBefore(node, at);
    else at = at.nextSibling;
    update(node, item);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function found(item, at, known) {
  if (typeof item !== "object") return at && at.nodeType === Node.TEXT_NODE ? at : null;
  if (item.key) {
    const node = known.get(item.key);
    return node && node.__tag === item.tag ? node : null;
  }
  return at && at.__tag === item.tag && !at.__key ? at : null;
}

function create(item) {
  if (typeof item !== "object") return document.createTextNode(straight(item));
  const drawing = item.tag === "svg" || item.tag === "path" || item.tag === "circle";
  const node = drawing ? document.createElementNS(SVG, item.tag) : document.createElement(item.tag);
  node.__tag = item.tag;
  node.__key = item.key;
  node.__props = {};
  return node;
}

function update(node, item) {
  if (typeof item !== "object") {
    const text = straight(item);
    if (node.data !== text) node.data = text;
    return;
  }
  const before = node.__props;
  for (const name of Object.keys(before)) if (!(name in item.props)) assign(node, name, null);
  for (const [name, value] of Object.entries(item.props)) if (before[name] !== value) assign(node, name, value, before[name]);
  node.__props = item.props;
  patch(node, item.children);
}

function assign(node, name, value, before) {
  if (name === "key") return;
  if (name.startsWith("on")) node[name.toLowerCase()] = value;
  else if (name === "share") node.style.setProperty("--share", String(value));
  else if (name === "start") { if (before === undefined) node.value = value; }
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : straight(value));
}
