// The sounds of notifications. They are made, not fetched: each is a few notes, and what they are played with.

/** The value of notification_sound for no sound. */
export const SILENCE = "none";

export interface Note {
  /** In hertz. */
  pitch: number;
  /** Where the pitch slides to, if it does. */
  to?: number;
  /** When it begins, in seconds. */
  at: number;
  /** How long it is heard, in seconds. */
  length: number;
}

export interface Sound {
  wave: OscillatorType;
  notes: readonly Note[];
}

/** Notes one after the other, each `step` seconds after the one before. */
function row(wave: OscillatorType, pitches: readonly number[], step = 0.11, length = 0.28): Sound {
  return { wave, notes: pitches.map((pitch, i) => ({ pitch, at: i * step, length })) };
}

/** One note that slides from one pitch to another. */
const slide = (wave: OscillatorType, pitch: number, to: number, length: number): Sound => ({
  wave,
  notes: [{ pitch, to, at: 0, length }],
});

const chord = (wave: OscillatorType, pitches: readonly number[], length: number) => row(wave, pitches, 0, length);

/** By the names that the API has for them. */
export const SOUNDS: Readonly<Record<string, Sound>> = {
  ascend: row("sine", [392, 523, 659, 784]),
  beep_boop: row("square", [880, 440], 0.14, 0.12),
  bink: row("triangle", [1568], 0, 0.12),
  bright: chord("triangle", [1047, 1319, 1568], 0.5),
  brlip: slide("triangle", 300, 1200, 0.16),
  chime: chord("sine", [784, 1175, 1568], 0.9),
  "deep tom": slide("sine", 130, 60, 0.4),
  ding: row("sine", [1319], 0, 0.7),
  "double tap": row("triangle", [220, 220], 0.12, 0.08),
  down: row("sine", [784, 523]),
  "dry bongos": row("triangle", [196, 262, 196], 0.09, 0.07),
  dutdut: row("square", [330, 330], 0.12, 0.08),
  "fast ascend": row("sine", [523, 659, 784, 1047], 0.06, 0.15),
  flute: row("sine", [587, 740], 0.2, 0.45),
  friendly: row("triangle", [523, 784, 659]),
  "kick roll": row("sine", [70, 65, 60, 55], 0.08, 0.12),
  "loud tintong": row("triangle", [1319, 988], 0.16, 0.6),
  "metallic snare": chord("square", [1480, 2093, 2637], 0.1),
  pan: chord("triangle", [349, 523, 880], 0.6),
  shaker: row("square", [4186, 4699, 4186], 0.07, 0.04),
  simple: row("sine", [740], 0, 0.25),
  stairs: row("triangle", [392, 440, 494, 523, 587], 0.09, 0.12),
  subtle: row("sine", [330], 0, 0.2),
  swish: slide("sawtooth", 2400, 300, 0.22),
  tintong: row("sine", [1319, 988], 0.16, 0.5),
  up: row("sine", [523, 784]),
  "wood block": row("triangle", [932], 0, 0.06),
  zaping: slide("sawtooth", 1600, 200, 0.18),
  zing: slide("triangle", 900, 2200, 0.25),
  zulip: row("sine", [660, 880]),
};

export function soundName(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
