// The screens before the console: connecting, signing in, keys, and "nothing is shown". Called by app.js.

import { el, mark, set, show } from "../base/dom.js";
import { makeKeys, openKeyFile, publicCard } from "../crypto/keys.js";

const $ = (id) => document.getElementById(id);

const KEY_TEXT = {
  none: ["Your keys", "Recordings are sealed to your own keys. Without them neither this page nor the server can open anything."],
  not_in_roster: ["Waiting for the roster", "Your keys are ready. The exam office's roster does not name you yet: give them your card. This page goes on by itself."],
  other_keys: ["Other keys than the roster's", "The roster names you with other keys than the ones on this computer. Open the key file that belongs to your card, or give the office your new card."],
  off_duty: ["You are not on duty now", "The roster gives you other hours. This page goes on by itself when a new roster arrives."],
};

function download(name, content) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

const fileName = (id) => id.replace(/[^A-Za-z0-9._-]/g, "_");

export class Gate {
  /** `act`: {signIn(id, password), useKeys(keys), forgetKeys(), again(), trustRoot()}. */
  constructor(act) {
    this.act = act;
    $("sign-in-form").addEventListener("submit", (event) => this.#run(event, "sign-in-error", () => this.#signIn()));
    $("open-key-form").addEventListener("submit", (event) => this.#run(event, "keys-error", () => this.#openFile()));
    $("make-keys-form").addEventListener("submit", (event) => this.#run(event, "keys-error", () => this.#make()));
    $("card-download").addEventListener("click", () => download(`${fileName(this.card.id)}.card.json`, this.card));
    $("forget-keys").addEventListener("click", () => this.act.forgetKeys());
    $("refused-again").addEventListener("click", () => this.act.again());
    $("trust-root").addEventListener("click", () => this.act.trustRoot());
  }

  update(app) {
    const { phase, store } = app;
    for (const name of ["connecting", "sign_in", "keys", "refused"]) show($(`gate-${name.replace("_", "-")}`), phase === name);
    if (phase === "keys") this.#keys(store);
    if (phase === "refused") {
      set($("refused-text"), app.problem.text);
      set($("refused-code"), `(${app.problem.code})`);
      show($("trust-root"), app.problem.code === "package_foreign");
    }
    set($("connecting-text"), app.attempts > 2
      ? "The exam server does not answer. We keep trying; candidates are recorded meanwhile and nothing is lost."
      : "We are reaching the exam server. This takes a second or two.");
  }

  #keys(store) {
    const problem = store.keys ? store.keyProblem ?? "none" : "none";
    const [title, text] = KEY_TEXT[problem];
    set($("keys-title"), title);
    set($("keys-text"), text);
    show($("keys-choices"), !store.keys || problem === "other_keys");
    show($("keys-card"), Boolean(store.keys));
    if (!$("make-name").value && store.entry) $("make-name").value = store.entry.name;
    this.proctor = store.proctor;
    if (store.keys) {
      this.card = publicCard(store.keys);
      set($("card-json"), JSON.stringify(this.card, null, 1));
    }
  }

  async #run(event, errorId, work) {
    event.preventDefault();
    const button = event.target.querySelector("button");
    button.disabled = true;
    show($(errorId), false);
    try {
      await work();
    } catch (error) {
      set($(errorId), error.text ?? "That did not work. Please try again.");
      show($(errorId), true);
      if (!error.text) console.error(error);
    } finally {
      button.disabled = false;
    }
  }

  async #signIn() {
    await this.act.signIn($("proctor-id").value.trim(), $("password").value);
    $("password").value = "";
  }

  async #openFile() {
    const content = await $("key-file").files[0].text();
    await this.act.useKeys(await openKeyFile(content, $("key-passphrase").value));
    $("key-passphrase").value = "";
  }

  async #make() {
    const [one, other] = [$("make-passphrase"), $("make-passphrase-again")];
    if (one.value !== other.value) throw { text: "The two passphrases are not the same." };
    const { keys, file, card } = await makeKeys(this.proctor, $("make-name").value.trim(), one.value);
    download(`${fileName(keys.id)}.key.json`, file);
    download(`${fileName(keys.id)}.card.json`, card);
    await this.act.useKeys(keys);
    one.value = other.value = "";
  }
}

export function bar(app) {
  const { store, link, phase } = app;
  const value = store.package?.value;
  set($("exam-title"), value?.title ?? "Proctor's console");
  set($("exam-institution"), value?.institution ?? "");
  show($("root-button"), Boolean(value));
  set($("root-fingerprint"), store.package?.fingerprint ?? "");
  mark($("root-button"), "title", "Compare with the fingerprint your exam office published. Click to copy.");
  set($("proctor-name"), store.entry?.name ?? store.proctor ?? "");
  show($("shortcuts-button"), phase === "console");
  show($("sign-out-button"), phase === "console" || phase === "keys");
  set($("link-state"), link.up ? "Connected" : "Reconnecting");
  $("link-state").className = link.up ? "word fine" : "word lost";
  show($("link-state"), phase === "console" || phase === "keys");
  const skew = Math.round(store.skewMs / 1000);
  show($("clock-skew"), phase === "console" && Math.abs(skew) > 10);
  set($("clock-skew"), `This clock is ${Math.abs(skew)} s ${skew > 0 ? "behind" : "ahead"}: words may expire`);
  mark(document.body, "data-phase", phase);
  mark(document.body, "data-link", link.up ? "up" : "down");
}
