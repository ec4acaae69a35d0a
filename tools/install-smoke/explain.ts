import assert from 'node:assert/strict';
import {
  chunkTimeline,
  differenceSpectrogram,
  type Explanation,
  explainClip,
  NormalIndex,
  type OcclusionMap,
  occlusionMap,
} from '@serial-oe/explain';

const RATE = 16_000;
const scorer = {
  input: { sampleRate: RATE, chunkSeconds: 0.5 },
  async score(waveform: Float32Array) {
    const anomalyScore = waveform.reduce((sum, x) => sum + x * x, 0) / waveform.length;
    return { anomalyScore, chunkScores: Float64Array.of(anomalyScore), isAnomaly: true, threshold: 0 };
  },
};
const tone = (hertz: number) =>
  Float32Array.from({ length: RATE }, (_, i) => Math.sin((hertz * i * 2 * Math.PI) / RATE));

export async function use(): Promise<void> {
  const clip = {
    path: 'a.wav',
    machineType: 'fan',
    machineId: '00',
    label: 'normal',
    split: 'train',
  } as const;
  const quiet = tone(200).map((x) => x / 10);
  const built = await NormalIndex.build(scorer, [{ ...clip, waveform: quiet, sampleRate: RATE }]);
  const index = NormalIndex.fromJSON(JSON.stringify(built), { scorer });
  const explanation: Explanation = await explainClip(scorer, tone(2000), { sampleRate: RATE, index });
  assert.match(explanation.text, /kHz.*nearest normal clip: a\.wav/);
  const map: OcclusionMap = await occlusionMap(scorer, tone(2000), { sampleRate: RATE });
  assert.equal(map.map.data.length, map.bands.length * map.segments.length);
  assert.equal(
    chunkTimeline({ chunkScores: Float64Array.of(1) }, { clipSeconds: 1, chunkSeconds: 1 }).length,
    1,
  );
  const { data } = differenceSpectrogram(quiet, index.levelOf('00'), { sampleRate: RATE });
  assert.ok(data.every(Number.isFinite));
}
