import type { Clip } from '@serial-oe/datasets';
import { loadMemoryClip, sessionOf } from '@serial-oe/datasets';
import { seededRandom } from '@serial-oe/foundation';
import { createBrowserPlatform, Decisions } from '@serial-oe/runtime/contract';
import { melStatistics } from '../src/index';

const SAMPLE_RATE = 16_000;
const N_CLIPS_A_DAY = 10;

/** Noise of a machine whose colour and level are the day's, and a little the clip's. */
function clipOf(machineId: string, day: number, index: number): Clip {
  const ofDay = seededRandom(day, machineId, 'day');
  const ofClip = seededRandom(day, machineId, index);
  const normal = (random: () => number) => random() + random() + random() + random() - 2; // deviation 0.58
  const [tilt, gain] = [
    0.6 + 0.08 * normal(ofDay) + 0.02 * normal(ofClip),
    Math.exp(0.3 * normal(ofDay) + 0.1 * normal(ofClip)),
  ];
  let before = 0;
  const waveform = Float32Array.from({ length: SAMPLE_RATE / 2 }, () => {
    before = tilt * before + 0.05 * gain * (ofClip() - 0.5);
    return before;
  });
  const path = `pump/2026-01-${String(day).padStart(2, '0')}/normal_id_${machineId}_${index}.wav`;
  return {
    path,
    machineType: 'pump',
    machineId,
    label: 'normal',
    split: 'train',
    waveform,
    sampleRate: SAMPLE_RATE,
  };
}

const daysOf = (machineId: string, days: readonly number[]) =>
  days.flatMap((day) => Array.from({ length: N_CLIPS_A_DAY }, (_, i) => clipOf(machineId, day, i)));

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Share of the clips of days to come that a threshold for one in ten calls anomalous. */
async function laterAlarms(machineIds: readonly string[], nameOf: (clip: Clip) => string): Promise<number> {
  const train = machineIds.flatMap((id) =>
    daysOf(id, range(1, 6)).map((clip) => ({ ...clip, path: nameOf(clip) })),
  );
  const platform = { ...createBrowserPlatform(), loadClip: loadMemoryClip };
  const job = { target: { machineType: 'pump' }, checkpoint: null, onProgress: () => {} };
  const scorer = await melStatistics.train(
    { ...job, clips: train, config: melStatistics.resolveConfig(undefined, {}) },
    platform,
  );
  const dated = scorer.normalScores!.map(({ path, ...score }) => ({ ...score, session: sessionOf(path) }));
  const { machines } = Decisions.fit(dated, { falseAlarmRate: 0.1 });
  let [nAlarms, nClips] = [0, 0];
  for (const clip of machineIds.flatMap((id) => daysOf(id, range(7, 16)))) {
    const { anomalyScore } = await scorer.score(clip.waveform!, {
      sampleRate: SAMPLE_RATE,
      machineId: clip.machineId,
    });
    nClips++;
    if (machines.get(clip.machineId)!.isAnomalous(anomalyScore)) nAlarms++;
  }
  return nAlarms / nClips;
}

describe('thresholds for days to come', () => {
  const machineIds = range(0, 5).map((id) => `0${id}`);

  it('hold where recordings tell their days, and do not where they do not', async () => {
    const dated = await laterAlarms(machineIds, ({ path }) => path);
    const undated = await laterAlarms(machineIds, ({ path }) => path.replace(/2026-01-(\d\d)/, 'day-of-$1'));
    expect(dated).toBeLessThan(0.15); // 1.5 times what was asked for
    expect(undated).toBeGreaterThan(dated + 0.05);
  });
});
