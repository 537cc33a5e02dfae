// The WebSocket to the server: connects, says what arrived, reconnects with backoff. Knows no message's meaning but
// console_welcome (the line is good) and refused. Called by app.js.

const SUBPROTOCOL = "proctoring-console.v1";
const PING_MS = 10000;
const SILENCE_MS = 30000;
const BACKOFF_MS = [300, 600, 1200, 2500, 5000, 10000];
const REFUSED_MS = 2500; // a server that answers is not spared by waiting longer: a roster may come at any moment

export class Link {
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #heardAt = 0;
  #welcomed = false;
  #stopped = true;

  /** `on`: {message(object), record(Uint8Array), down({welcomed, refused})}. */
  constructor(on) {
    this.on = on;
  }

  start() {
    this.#stopped = false;
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  get up() {
    return this.#welcomed;
  }

  /** Whether the message left. */
  send(message) {
    if (!this.#welcomed || this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #connect() {
    const url = new URL("/console", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, SUBPROTOCOL);
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.binaryType = "arraybuffer";
    let refused = null;
    const liveness = setInterval(() => this.#live(socket), PING_MS);
    socket.onmessage = ({ data }) => {
      this.#heardAt = Date.now();
      if (typeof data !== "string") return this.on.record(new Uint8Array(data));
      const message = JSON.parse(data);
      if (message.type === "refused") refused = message;
      if (message.type === "console_welcome") this.#good();
      if (message.type === "ping") this.send({ type: "pong", id: message.id, server_time_ms: 0 });
      return this.on.message(message);
    };
    socket.onclose = () => {
      clearInterval(liveness);
      this.#lost(refused);
    };
  }

  #good() {
    this.#welcomed = true;
    this.#attempt = 0;
  }

  #live(socket) {
    if (Date.now() - this.#heardAt > SILENCE_MS) socket.close();
    else this.send({ type: "ping", id: 0 });
  }

  #lost(refused) {
    const welcomed = this.#welcomed;
    this.#welcomed = false;
    if (this.#stopped) return;
    const longest = refused ? REFUSED_MS : Infinity;
    const wait = Math.min(BACKOFF_MS[Math.min(this.#attempt, BACKOFF_MS.length - 1)] * (0.75 + Math.random() / 2), longest);
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.on.down({ welcomed, refused });
  }
}
