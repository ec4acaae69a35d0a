import type { Clip } from '@serial-oe/datasets';
import { type AsdSystem, BundleError, type ClipScorer, type Platform, TrainingDataError } from '../../src';

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content);

/** A system whose score is `scale` times the waveform's first value; `needs` other types, and tells normal scores or not. */
export function madeUp(
  name: string,
  { scale = 1, needsOutliers = false, tellsScores = true } = {},
): AsdSystem<{ seed: number; scale: number }> {
  const scorer = (ownScale: number, clips: readonly Clip[] | null): ClipScorer => ({
    machineIds: ['00', '02'],
    ...{ input: { sampleRate: 16000, chunkSeconds: 1 }, provenance: { ownScale } },
    normalScores:
      tellsScores && clips !== null
        ? clips.map(({ path, machineId, waveform }) => ({
            path,
            machineId,
            anomalyScore: ownScale * waveform![0]!,
          }))
        : undefined,
    async score(waveform) {
      const anomalyScore = ownScale * waveform[0]!;
      return { anomalyScore, chunkScores: Float64Array.of(anomalyScore), isAnomaly: false, threshold: 0 };
    },
    toFiles: async () => new Map([['model.json', bytes(JSON.stringify({ ownScale }))]]),
    dispose() {
      disposed.push(name);
    },
  });
  return {
    ...{ name, scope: 'machineType', countUpdates: () => 7 },
    resolveConfig: (preset, overrides) => {
      if (preset !== undefined && preset !== 'quick') throw new RangeError(`no preset ${preset}`);
      return { seed: 0, scale, ...overrides };
    },
    async train({ clips, target, config }) {
      if (needsOutliers && clips.every(({ machineType }) => machineType === target.machineType)) {
        throw new TrainingDataError('needs other types.');
      }
      const normal = clips.filter(
        ({ machineType, split }) => machineType === target.machineType && split === 'train',
      );
      return scorer(config.scale, normal);
    },
    async load(files) {
      const model = files.get('model.json');
      if (model === undefined) throw new BundleError('missing', `${name}: the model must hold model.json.`);
      return scorer(JSON.parse(text(model)).ownScale, null);
    },
  };
}

/** Names of the scorers that were disposed, in turn. */
export const disposed: string[] = [];
export const clip = (machineId: string, value: number, i: number, machineType = 'fan'): Clip => ({
  ...{
    path: `${machineType}/${machineId}/${i}.wav`,
    machineType,
    machineId,
    label: 'normal',
    split: 'train',
  },
  ...{ waveform: Float32Array.of(value), sampleRate: 16000 },
});
export const CLIPS = [
  ...[1, 2, 3, 4, 5].map((value, i) => clip('00', value, i)),
  ...[10, 30, 50, 20, 40].map((value, i) => clip('02', value, i)),
  clip('00', 9, 0, 'pump'),
];
export const platform = {
  loadClip: async ({ waveform, sampleRate }: Clip) => ({ waveform: waveform!, sampleRate: sampleRate! }),
} as unknown as Platform;
