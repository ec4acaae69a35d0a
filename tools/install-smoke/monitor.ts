import assert from 'node:assert/strict';
import { HearingWatch, StreamScorer } from '@serial-oe/monitor';
import { partitionOf } from '@serial-oe/monitor/nats';
import { commandSource, Monitor } from '@serial-oe/monitor/node';

export async function use(): Promise<void> {
  const scorer = {
    machineIds: ['00'],
    input: { sampleRate: 1000, chunkSeconds: 1 },
    score: async (waveform: Float32Array) => ({
      anomalyScore: waveform[0]!,
      chunkScores: Float64Array.of(waveform[0]!),
      isAnomaly: false,
      threshold: 1,
    }),
    toFiles: async () => new Map<string, Uint8Array>(),
    dispose: () => {},
  };
  const stream = new StreamScorer(scorer, { hopSeconds: 1 });
  stream.push(new Float32Array(3000).fill(0.5), 1000);
  stream.close();
  const scores: number[] = [];
  for await (const { anomalyScore } of stream) scores.push(anomalyScore);
  assert.deepEqual(scores, [0.5, 0.5, 0.5]);
  assert.equal(new HearingWatch({ sampleRate: 1000 }).state, 'HEALTHY');
  assert.equal(partitionOf({ site: 'a', asset: 'b', sensor: 'c' }, 16), 11);
  const source = commandSource({ command: 'arecord', args: [], sampleRate: 1000 });
  const name = { site: 'a', asset: 'b', sensor: 'c', machineId: '00' };
  assert.deepEqual(new Monitor({ sensors: [{ name, source, scorer }] }).sensors, ['a/b/c']);
}
