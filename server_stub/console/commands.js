// A proctor's words to one candidate: built as messages.Command, sealed to the session's wrap key (from the verified
// OPEN, never from the server's clear text), signed by the proctor. Called by the views through app.js.

import { fromBase64, text, toBase64, utf8 } from "./base/bytes.js";
import { Problem } from "./base/problem.js";
import * as hpke from "./crypto/hpke.js";
import { commandInfo, examInfo } from "./crypto/keys.js";
import { DOMAIN, signDocument } from "./crypto/signing.js";

const LIFETIME_MS = 30000;

export class Commands {
  #lastCounter = 0;

  /** `me()` -> {id, keys, entry (own roster entry), examId}; `send(message)` -> whether it left. */
  constructor(me, send) {
    this.me = me;
    this.send = send;
  }

  chat = (session, words) => this.#issue(session, { kind: "chat", text: words });
  refuse = (session, reason) => this.#issue(session, { kind: "refuse", reason });
  askAgain = (session, step, reason) => this.#issue(session, { kind: "ask_again", step, reason });
  intervene = (session, code, level, words) => this.#issue(session, { kind: "intervention", code, level, text: words });
  pause = (session, reason) => this.#issue(session, { kind: "pause", reason });
  resume = (session, words) => this.#issue(session, { kind: "resume", text: words });
  raiseFlag = (session, words, severity) => this.#issue(session, { kind: "raise_flag", text: words, severity });
  decideFlag = (session, sequence, decision, reason) => this.#issue(session, { kind: "flag_decision", sequence, decision, reason });
  end = (session, reason, overrideReason) =>
    this.#issue(session, { kind: "end", reason, override_reason: overrideReason });

  /** Admission hands over the exam's address and code, which the office sealed to this proctor; they are never shown. */
  async admit(session) {
    const { keys, entry, examId } = this.me();
    const access = JSON.parse(text(await hpke.open(keys.wrap, fromBase64(entry.sealed_exam), examInfo(examId))));
    return this.#issue(session, { kind: "admit", access });
  }

  /** Rises over reloads and between windows, since it follows the clock. */
  #counter() {
    this.#lastCounter = Math.max(this.#lastCounter + 1, Date.now());
    return this.#lastCounter;
  }

  async #issue(session, body) {
    if (!session.open) throw new Problem("not_verified", "This session has not been verified; nothing can be sent to it.");
    const { id, keys } = this.me();
    const counter = this.#counter();
    const issued = Date.now();
    const sealed = await hpke.seal(session.open.wrapKey, utf8(JSON.stringify(body)), commandInfo(session.sessionId, counter));
    const command = {
      command_id: crypto.randomUUID(), session_id: toBase64(session.sessionId), counter, issued_ms: issued,
      expires_ms: issued + LIFETIME_MS, proctor: id, kind: body.kind, sealed: toBase64(sealed),
    };
    const payload = utf8(JSON.stringify(command));
    const document = await signDocument(keys.sign.privateKey, keys.sign.publicBytes, DOMAIN.command, payload);
    return this.#dispatch(session, command, body, document);
  }

  #dispatch(session, command, body, document) {
    const line = {
      id: command.command_id, kind: body.kind, code: body.code ?? body.step ?? String(body.sequence ?? ""), level: body.level ?? body.decision ?? body.severity ?? "",
      text: body.text ?? body.reason ?? "", proctor: command.proctor, atMs: command.issued_ms,
    };
    session.ledger.sending(line);
    if (!this.send({ type: "send_command", document })) session.ledger.status(line.id, "refused", "no_link");
    setTimeout(() => this.#expire(session, line.id), LIFETIME_MS + 1000);
    session.context.changed(session, null);
    return line.id;
  }

  #expire(session, id) {
    const status = session.ledger.commands.get(id)?.status;
    if (status === "sending" || status === "sent" || status === "held") session.ledger.status(id, "expired", "expired");
    session.context.changed(session, null);
  }
}
