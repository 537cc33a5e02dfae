// The one exception of the console: something that arrived, or was typed, is not what it should be.

export class Problem extends Error {
  /** `code` is stable (the codes of exam_protocol where they exist there); `text` is one sentence for a person. */
  constructor(code, text) {
    super(`${code}: ${text}`);
    this.code = code;
    this.text = text;
  }
}
