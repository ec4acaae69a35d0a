/** What one channel is made of. */
export interface ChannelFacts {
  min: number;
  max: number;
  /** Root mean square about the mean. */
  level: number;
  /** The smallest difference between neighbours that is not 0: a step of the converter; 0 for constant samples. */
  step: number;
  /** Share of samples at full scale, or at a flat top below it. */
  clippedShare: number;
  /** Share of blocks without sound. */
  deadShare: number;
}

/** Blocks in which sound is looked for, seconds: shorter than the pause between two strokes of a machine. */
const BLOCK_SECONDS = 0.05;
/** Dither moves within as many steps of the converter, from bottom to top. */
const DITHER_STEPS = 8;
/** A step of 16 bits: what is coarser is no dither, and what is finer than that of 24 bits nobody hears. */
const STEP_16 = 2 ** -15;
const INAUDIBLE = 2 ** -20;
/** Just below the largest value of 16-bit samples, 1 - 2^-15. */
const FULL_SCALE = 0.9999;
/** Beside a flat top lie few samples: as many steps near it, and the share of the range that is near. */
const FLAT_TOP_RATIO = 4;
const NEAR_SHARE = 0.02;
const MIN_STEPS_NEAR = 10;

export function measureChannel(channel: Float32Array, sampleRate: number): ChannelFacts {
  let [min, max, sum, step] = [channel[0]!, channel[0]!, 0, Number.POSITIVE_INFINITY];
  for (let i = 0, before = channel[0]!; i < channel.length; i++) {
    const sample = channel[i]!;
    if (sample < min) min = sample;
    else if (sample > max) max = sample;
    sum += sample;
    const difference = sample > before ? sample - before : before - sample;
    if (difference < step && difference > 0) step = difference;
    before = sample;
  }
  const mean = sum / channel.length;
  let squares = 0;
  for (let i = 0; i < channel.length; i++) squares += (channel[i]! - mean) ** 2;
  const range = { min, max, step: min === max ? 0 : step };
  return {
    ...range,
    level: Math.sqrt(squares / channel.length),
    clippedShare: clippedShare(channel, range),
    deadShare: deadShare(channel, deadRangeOf(range), Math.max(1, Math.round(BLOCK_SECONDS * sampleRate))),
  };
}

/** Samples within this range hold no sound: dither of the converter at most. */
export function deadRangeOf({ step }: Pick<ChannelFacts, 'step'>): number {
  return Math.max(INAUDIBLE, Math.min(DITHER_STEPS * step, DITHER_STEPS * STEP_16));
}

/**
 * Share of samples at full scale, or where that is more, at the largest and smallest value if these are flat tops: many
 * samples there and few beside. Tops of coarse samples, of 8 bits, cannot be told from a tone's.
 */
function clippedShare(
  channel: Float32Array,
  { min, max, step }: Pick<ChannelFacts, 'min' | 'max' | 'step'>,
): number {
  const near = NEAR_SHARE * (max - min);
  const [top, bottom] = [max <= 1 ? FULL_SCALE : Infinity, min >= -1 ? -FULL_SCALE : -Infinity]; // floats may go beyond
  let [nFull, nEnd, nNear] = [0, 0, 0];
  for (let i = 0; i < channel.length; i++) {
    const sample = channel[i]!;
    if (sample >= top || sample <= bottom) nFull++;
    if (sample === max || sample === min) nEnd++;
    else if (sample > max - near || sample < min + near) nNear++;
  }
  const isFlat = max > min && near >= MIN_STEPS_NEAR * step && nEnd > FLAT_TOP_RATIO * nNear;
  return Math.max(max === min ? 0 : nFull, isFlat ? nEnd : 0) / channel.length;
}

function deadShare(channel: Float32Array, range: number, blockLength: number): number {
  const nBlocks = Math.ceil(channel.length / blockLength);
  let nDead = 0;
  for (let block = 0; block < nBlocks; block++) {
    const end = Math.min(channel.length, (block + 1) * blockLength);
    let [min, max] = [channel[end - 1]!, channel[end - 1]!];
    for (let i = block * blockLength; i < end && max - min <= range; i++) {
      const sample = channel[i]!;
      if (sample < min) min = sample;
      else if (sample > max) max = sample;
    }
    if (max - min <= range) nDead++;
  }
  return nDead / nBlocks;
}
