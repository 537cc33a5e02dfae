// The dominant frequency of a window of samples: Hann window, radix-2 FFT, parabolic peak. Pure; used by audio.js.

function fft(real, imaginary) {
  const size = real.length;
  for (let at = 1, to = 0; at < size; at += 1) {
    let bit = size >> 1;
    for (; to & bit; bit >>= 1) to ^= bit;
    to ^= bit;
    if (at < to) [real[at], real[to]] = [real[to], real[at]];
  }
  for (let span = 2; span <= size; span <<= 1) {
    for (let start = 0; start < size; start += span) butterfly(real, imaginary, start, span);
  }
}

function butterfly(real, imaginary, start, span) {
  for (let at = 0; at < span / 2; at += 1) {
    const angle = (-2 * Math.PI * at) / span;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const [low, high] = [start + at, start + at + span / 2];
    const re = real[high] * c - imaginary[high] * s;
    const im = real[high] * s + imaginary[high] * c;
    real[high] = real[low] - re;
    imaginary[high] = imaginary[low] - im;
    real[low] += re;
    imaginary[low] += im;
  }
}

/** In Hz. `samples.length` is a power of two. */
export function dominantHz(samples, rate) {
  const size = samples.length;
  const real = samples.map((sample, at) => sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size)));
  const imaginary = new Float32Array(size);
  fft(real, imaginary);
  const power = real.slice(0, size / 2).map((value, at) => Math.hypot(value, imaginary[at]));
  let peak = 1;
  for (let at = 2; at < power.length - 1; at += 1) if (power[at] > power[peak]) peak = at;
  const [before, top, after] = [power[peak - 1], power[peak], power[peak + 1]];
  const shift = (before - after) / (2 * (before - 2 * top + after) || 1);
  return ((peak + shift) * rate) / size;
}
