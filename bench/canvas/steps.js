// Runs in the console's page before its own scripts: notes when a small picture arrives, is opened, decoded and drawn.
// window.bench_steps: arrays of [...who, Unix milliseconds]; who: session, track, sequence and media time, then media time.

(() => {
  const HEADER = 44;
  const steps = { received: [], opened: [], decoded: [], drawn: [] };
  const now = () => performance.timeOrigin + performance.now();
  window.bench_steps = steps;

  window.WebSocket = class extends WebSocket {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => {
        if (typeof data === "string" || data.byteLength < HEADER) return;
        const view = new DataView(data);
        const session = Array.from(new Uint8Array(data, 24, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
        steps.received.push([session, view.getUint8(2), Number(view.getBigUint64(8)), Number(view.getBigUint64(16)), now()]);
      });
    }
  };

  const Decoder = window.VideoDecoder;
  window.VideoDecoder = class extends Decoder {
    constructor({ output, error }) {
      const noted = (frame) => {
        steps.decoded.push([frame.timestamp, now()]);
        output(frame);
      };
      super({ output: noted, error });
    }

    decode(chunk) {
      steps.opened.push([chunk.timestamp, now()]);
      super.decode(chunk);
    }
  };

  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function noted(image, ...words) {
    draw.call(this, image, ...words);
    if (image instanceof VideoFrame) steps.drawn.push([image.timestamp, now()]);
  };
})();
