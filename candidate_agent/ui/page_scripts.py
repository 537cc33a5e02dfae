"""JavaScript that every document of the exam gets before its own runs. `exam_view` puts it in. It is the second fence:
a frame that a page makes and reaches into at once gets it a moment later, so what must hold is held by `input_guard`,
`exam_page`, `exam_requests`, `outlet` and the switches of `engine`.
"""

# In a world of its own, which the page cannot reach: no copying, pasting, dragging or menus by the engine itself.
# What `inside_clipboard` makes is not trusted by the engine, reaches no clipboard, and passes.
GUARD = """
for (const name of ["copy", "cut", "paste", "dragstart", "dragover", "drop", "contextmenu", "auxclick"])
  addEventListener(name, (event) => {
    if (!event.isTrusted || (name === "auxclick" && event.button !== 1)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, {capture: true});
for (const name of ["keydown", "keyup"])
  addEventListener(name, (event) => {
    if (!event.isTrusted || event.key !== "F24") return;
    if (name === "keydown") globalThis.examMark = true;  // all that was typed before has come: see `inside_clipboard`
    event.preventDefault();
    event.stopImmediatePropagation();
  }, {capture: true});
"""

# In the page's own world, so that a page finds them missing instead of broken.
REMOVE = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport", "print", "open",
    "showOpenFilePicker", "showSaveFilePicker", "showDirectoryPicker", "queryLocalFonts", "documentPictureInPicture",
    "EyeDropper", "PaymentRequest", "Notification", "PresentationRequest"])
  try { Object.defineProperty(globalThis, name, {value: undefined, writable: false, configurable: false}); } catch {}
"""

# Also there: the page's questions, asked of `page_dialogs` in a way that only the page waits for.
ASK = """
{
  const Request = XMLHttpRequest, Query = URLSearchParams, read = JSON.parse;
  const ask = (kind, text = "", preset = "") => {
    try {
      const request = new Request();
      const said = new Query({text: String(text).slice(0, 2000), preset: String(preset).slice(0, 2000)});
      request.open("GET", `exam-ask://page/${kind}?${said}`, false);
      request.send();
      return read(request.responseText).answer;
    } catch { return null; }
  };
  const own = {
    alert: (text) => { ask("alert", text); },
    confirm: (text) => ask("confirm", text) !== null,
    prompt: (text, preset) => ask("prompt", text, preset),
  };
  for (const [name, value] of Object.entries(own))
    Object.defineProperty(globalThis, name, {value, writable: false, configurable: false});
}
"""
