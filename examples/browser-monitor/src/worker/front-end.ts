import { MelSpectrogram } from '@serial-oe/audio-features';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import type { MelFacts } from './protocol';

/** Fields of a configuration's front end that a mel spectrogram takes as they are. */
const NUMBERS = ['nFft', 'winLength', 'hopLength', 'nMels', 'fMin', 'fMax'] as const;

/** The spectrogram that a model hears, in dB. */
export interface ModelFrontEnd {
  facts: MelFacts;
  nFft: number;
  /** @param center whether the first frame is centred on the first sample, or starts there */
  make(center: boolean): MelSpectrogram;
}

/**
 * Of the model's own configuration; of an ensemble its first member's. A system without a front end of its own, such as the level, is
 * drawn with 64 bands.
 */
export function frontEndOf(scorer: Pick<ClipScorer, 'config' | 'input'>): ModelFrontEnd {
  const { sampleRate } = scorer.input;
  const own = findFrontEnd(scorer.config) ?? {};
  const settings = {
    ...{ nFft: 1024, hopLength: 512, nMels: 64, fMin: 50, fMax: (sampleRate / 2) * 0.975 },
    ...Object.fromEntries(
      NUMBERS.flatMap((name) => (typeof own[name] === 'number' ? [[name, own[name]]] : [])),
    ),
  };
  const make = (center: boolean) =>
    new MelSpectrogram({ ...settings, sampleRate, power: 2, log: 'dB', logFloor: 1e-12, center });
  const { hopLength, nMels, fMin, fMax, nFft } = settings;
  return { facts: { sampleRate, hopLength, nMels, fMin, fMax }, nFft, make };
}

type Fields = Readonly<Record<string, unknown>>;

function findFrontEnd(config: unknown): Fields | undefined {
  const fields = asFields(config);
  const own = asFields(fields?.frontEnd);
  if (own !== undefined) return own;
  const members = Object.values(asFields(fields?.members) ?? {});
  return members.map((member) => asFields(asFields(member)?.frontEnd)).find((each) => each !== undefined);
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

/** The columns of a spectrogram as sound comes in. */
export class MelStream {
  readonly #frontEnd: ModelFrontEnd;
  readonly #mel: MelSpectrogram;
  #waiting = new Float32Array(0);

  constructor(frontEnd: ModelFrontEnd) {
    this.#frontEnd = frontEnd;
    this.#mel = frontEnd.make(false);
  }

  /** @returns `[nFrames, nMels]` dB of the frames that are whole now */
  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    const { nFft, facts } = this.#frontEnd;
    const { hopLength, nMels } = facts;
    const sound = new Float32Array(this.#waiting.length + samples.length);
    sound.set(this.#waiting);
    sound.set(samples, this.#waiting.length);
    const nFrames = Math.max(0, Math.floor((sound.length - nFft) / hopLength) + 1);
    this.#waiting = sound.slice(nFrames * hopLength);
    if (nFrames === 0) return new Float32Array(0);
    const { data } = this.#mel.compute(sound.subarray(0, nFft + (nFrames - 1) * hopLength));
    return transpose(data, nMels, nFrames);
  }
}

function transpose(data: Float32Array, nRows: number, nCols: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < nRows; row++) {
    for (let col = 0; col < nCols; col++) turned[col * nRows + row] = data[row * nCols + col]!;
  }
  return turned;
}
