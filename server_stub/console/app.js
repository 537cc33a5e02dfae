// Composition root: builds store, link, board and views, wires them, and redraws when something changed.

import { icon, set } from "./base/dom.js";
import { Problem } from "./base/problem.js";
import { Commands } from "./commands.js";
import { Link } from "./link.js";
import { Board } from "./media/board.js";
import { Arrivals } from "./media/stored.js";
import { Metrics } from "./metrics.js";
import { flagSentence } from "./need.js";
import { Store } from "./store.js";
import { Vault } from "./vault.js";
import { Chat } from "./views/chat.js";
import { CheckIn } from "./views/checkin.js";
import { EndDialog } from "./views/ending.js";
import { Evidence } from "./views/evidence.js";
import { Flags } from "./views/flags.js";
import { Gate, bar } from "./views/gate.js";
import { Grid } from "./views/grid.js";
import { Interventions } from "./views/interventions.js";
import { Pane } from "./views/pane.js";
import { Queue } from "./views/queue.js";
import { ReasonDialog } from "./views/reason.js";
import { Shortcuts } from "./views/shortcuts.js";

const $ = (id) => document.getElementById(id);
const REDRAW_MS = 40;
const METER_MS = 100;
const FRESH_MS = 15000; // older entries are history and are not announced

class App {
  #redraw = 0;
  #messages = Promise.resolve();

  constructor() {
    this.phase = "connecting";
    this.attempts = 0;
    this.problem = null;
    this.metrics = new Metrics();
    this.board = new Board(this.metrics);
    this.arrivals = new Arrivals(() => this.changed());
    this.vault = new Vault();
    this.link = new Link({ message: (one) => this.#queue(one), record: (bytes) => this.store.record(bytes), down: (how) => this.#down(how) });
    const send = (message) => this.link.send(message);
    this.store = new Store(this.vault, {
      changed: () => this.changed(), send, news: (session, news) => this.#announce(session, news),
      media: (session, header, media) => this.#media(session, header, media),
    });
    this.commands = new Commands(() => ({ id: this.store.proctor, keys: this.store.keys, entry: this.store.entry, examId: this.store.package.value.exam_id }), send);
    this.#views();
  }

  async start() {
    for (const slot of document.querySelectorAll("[data-icon]")) slot.append(icon(slot.dataset.icon));
    Object.defineProperty(window, "console_metrics", { value: this.metrics });
    await this.vault.open();
    this.link.start();
    setInterval(() => this.changed(), 1000);
    setInterval(() => this.pane.sound(), METER_MS);
    this.changed();
  }

  #views() {
    const open = (session, tab) => this.openSession(session, tab);
    const say = (name) => (...words) => this.#command((session) => this.commands[name](session, ...words));
    const reason = new ReasonDialog();
    this.gate = new Gate({ signIn: (id, password) => this.#signIn(id, password), useKeys: (keys) => this.#useKeys(keys), forgetKeys: () => this.#useKeys(null), again: () => location.reload(), trustRoot: () => this.#trustRoot() });
    this.queue = new Queue(open);
    this.grid = new Grid(this.board, open);
    this.pane = new Pane(this.board, { changed: () => this.changed(), display: (number) => this.store.showDisplay(number) });
    this.checkin = new CheckIn({ admit: say("admit"), askAgain: say("askAgain"), refuse: say("refuse") }, (options) => reason.ask(options));
    this.flags = new Flags({ decide: say("decideFlag"), raise: say("raiseFlag") }, (options) => reason.ask(options), new Evidence(this.arrivals, this.metrics));
    this.chat = new Chat({ chat: say("chat") });
    this.interventions = new Interventions({ intervene: say("intervene") });
    this.ending = new EndDialog({ end: (session, why, override) => this.#command(() => this.commands.end(session, why, override)) });
    this.#examButtons(reason, say);
    this.shortcuts = new Shortcuts(this.#keys());
  }

  #examButtons(reason, say) {
    $("pause-button").addEventListener("click", () => reason.ask({
      title: "Pause the exam", note: "The exam is hidden until you resume it; recording goes on.", ok: "Pause exam",
      ready: ["One moment please, I have to look at something."], done: say("pause"),
    }));
    $("resume-button").addEventListener("click", () => reason.ask({ title: "Resume the exam", note: "The exam is shown again.", ok: "Resume exam", optional: true, done: say("resume") }));
    $("end-button").addEventListener("click", () => this.ending.open(this.store.open, this.store.package.value.policy.warnings_before_end));
    $("sign-out-button").addEventListener("click", () => this.#signOut());
    $("root-button").addEventListener("click", () => navigator.clipboard?.writeText(this.store.package.fingerprint));
  }

  #keys() {
    const step = (by) => () => {
      const tiles = [...document.querySelectorAll(".tile")].map((tile) => tile.dataset.session);
      const next = tiles[(tiles.indexOf(this.store.openId) + by + tiles.length) % tiles.length];
      if (next) this.openSession(this.store.sessions.get(next));
    };
    const tab = (name, id) => () => {
      if (!this.store.open) return;
      this.pane.choose(name);
      if (id) $(id).focus();
    };
    return [
      ["n", "next candidate, in order of need", step(1)],
      ["p", "previous candidate", step(-1)],
      ["k", "confirm the marked flag", () => this.flags.decide("confirmed")],
      ["d", "dismiss the marked flag: nothing to note", () => this.flags.decide("dismissed")],
      ["D", "decide on the marked flag with a reason of your own", () => this.flags.explain()],
      ["v", "view the recording of the marked flag, or close it", () => this.store.open && (this.pane.choose("flags"), this.flags.view())],
      ["r", "raise a flag of your own", () => this.flags.raise()],
      ["a", "check-in", tab("checkin")],
      ["f", "flags", tab("flags")],
      ["c", "write a message", tab("chat", "chat-text")],
      ["i", "interventions", tab("interventions", "intervention-text")],
      ["l", "listen, or stop listening", () => $("listen-button").click()],
      ["z", "enlarge, or back to the grid", () => this.store.open && this.pane.grow()],
      ["?", "this list", () => $("shortcuts-dialog").showModal()],
    ];
  }

  openSession(session, tab) {
    if (!session) return;
    if (this.store.openId !== session.id || tab) {
      const same = this.store.openId === session.id;
      if (same) this.pane.choose(tab);
      else this.pane.enter(session, tab);
    }
    if (this.store.openId !== session.id) this.store.select(session.id);
    this.changed();
  }

  changed() {
    this.#redraw ||= setTimeout(() => {
      this.#redraw = 0;
      this.#draw();
    }, REDRAW_MS);
  }

  #draw() {
    if (this.phase === "keys" || this.phase === "console") this.phase = this.store.keys && !this.store.keyProblem ? "console" : "keys";
    bar(this);
    this.gate.update(this);
    $("console").hidden = this.phase !== "console";
    if (this.phase !== "console") return;
    if (this.store.open) this.store.open.lookedAtMs = Date.now();
    for (const view of [this.queue, this.grid, this.pane, this.checkin, this.flags, this.chat, this.interventions, this.ending]) view.update(this);
  }

  #media(session, header, media) {
    this.board.take(session, header, media);
  }

  #queue(message) {
    this.#messages = this.#messages.then(() => this.#message(message)).catch((error) => this.#refuse(error)).then(() => this.changed());
  }

  async #message(message) {
    const { store } = this;
    if (message.type === "console_welcome") {
      await store.welcome(message);
      this.phase = "keys";
      this.attempts = 0;
      store.watchAll();
    } else if (message.type === "session_changed" && store.package) {
      const fresh = await store.sessionChanged(message.session);
      if (fresh) store.watch(fresh);
    } else if (message.type === "roster" && store.package) {
      const before = store.keys && store.keyProblem;
      await store.takeRoster(message.document);
      if (before) store.watchAll();
    } else if (message.type === "command_relayed") this.#relayed(message);
    else if (message.type === "refused" && this.link.up) this.#notice(message.text);
    else if (message.type === "console_dropped") this.#notice("This computer is slow: some pictures were left out.");
  }

  #notice(words) {
    set($("notice"), words);
    $("notice").hidden = false;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => {
      $("notice").hidden = true;
    }, 8000);
  }

  #relayed({ command_id, outcome, code }) {
    const status = { relayed: "sent", held: "held", refused: "refused" }[outcome];
    for (const session of this.store.sessions.values()) {
      if (session.ledger.commands.has(command_id)) session.ledger.status(command_id, status, code);
    }
  }

  /** What must not be believed ends in a page that shows nothing, never in half a console. */
  #refuse(error) {
    if (!(error instanceof Problem)) console.error(error);
    this.problem = error instanceof Problem ? error : new Problem("unreadable", "The server said something that this console cannot read.");
    this.phase = "refused";
    this.link.stop();
  }

  /** The line is gone. A server that answers over HTTP but does not welcome wants a sign-in, or a roster that names us. */
  async #down({ welcomed, refused }) {
    this.attempts += 1;
    this.changed();
    if (welcomed || this.phase === "refused") return;
    if (refused?.code === "not_on_duty") await this.#notOnDuty();
    else if (refused || (await fetch("/healthz").catch(() => ({ ok: false }))).ok) {
      this.link.stop();
      this.phase = "sign_in";
    }
    this.changed();
  }

  /** Not in the roster yet: keys can be made and the card handed over; the line is tried again and again meanwhile. */
  async #notOnDuty() {
    const answer = await fetch("/api/me").catch(() => null);
    const { store } = this;
    if (answer?.ok) store.proctor = (await answer.json()).id;
    if (!store.proctor) return;
    store.roster = null;
    store.keys = (await this.vault.get(`keys:${store.proctor}`)) ?? null;
    this.phase = "keys";
  }

  async #signIn(id, password) {
    const answer = await fetch("/api/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ id, password }) }).catch(() => {
      throw new Problem("server_away", "The exam server does not answer. Please try again in a moment.");
    });
    if (answer.status === 429) throw new Problem("too_many", "Too many tries. Please wait a minute.");
    if (!answer.ok) throw new Problem("login_refused", "This id and password do not belong together.");
    this.store.proctor = id;
    this.phase = "connecting";
    this.attempts = 0;
    this.link.start();
    this.changed();
  }

  async #signOut() {
    await fetch("/api/logout", { method: "POST" }).catch(() => null);
    location.reload();
  }

  async #useKeys(keys) {
    const { store } = this;
    if (keys && keys.id !== store.proctor) throw new Problem("other_proctor", `This key file belongs to ${keys.id}; you are signed in as ${store.proctor}.`);
    if (keys) await this.vault.put(`keys:${keys.id}`, keys);
    else await this.vault.remove(`keys:${store.proctor}`);
    store.keys = keys;
    store.watchAll();
    this.changed();
  }

  async #trustRoot() {
    for (const exam of [this.problem.examId]) await this.vault.remove(`root:${exam}`);
    location.reload();
  }

  async #command(work) {
    const session = this.store.open;
    try {
      await work(session);
    } catch (error) {
      const text = error instanceof Problem ? error.text : "This could not be sent.";
      if (!(error instanceof Problem)) console.error(error);
      set($("last-word"), text);
      this.#say(text);
    }
    this.changed();
  }

  #announce(session, news) {
    const at = news.atMs ?? session.wallMs(news.mediaTimeUs);
    if (Date.now() - at > FRESH_MS) return;
    const name = session.info.candidate_name;
    this.#say(news.kind === "chat" ? `${name} writes: ${news.text}` : `${name}: ${flagSentence({ reason: news.text, count: 1 })}`);
  }

  #say(words) {
    $("live").append(Object.assign(document.createElement("p"), { textContent: words }));
    while ($("live").children.length > 5) $("live").firstChild.remove();
  }
}

new App().start();
