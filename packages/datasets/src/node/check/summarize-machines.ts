import type { Clip } from '../../clip';
import { groupByMachine } from '../../sampling/group-by-machine';
import { byFrequency, type CheckedClip } from './checked-clip';
import type { Machine } from './dataset-problem';

/** The clips of one machine: a row of the summary. */
export interface MachineSummary extends Machine {
  nTrainNormal: number;
  nTrainAnomalous: number;
  nTestNormal: number;
  nTestAnomalous: number;
  /** Clips that cannot be read. */
  nUnreadable: number;
  /** Shortest and longest clip; null where none can be read. */
  seconds: [number, number] | null;
  /** Hz, the most frequent first. */
  sampleRates: number[];
  /** Numbers of channels, the most frequent first. */
  channels: number[];
}

/** A row a machine, sorted by type and ID. */
export function summarizeMachines(clips: readonly Clip[], checked: readonly CheckedClip[]): MachineSummary[] {
  const facts = new Map(checked.map(({ clip, facts }) => [clip, facts]));
  return groupByMachine(clips).map(({ machineType, machineId, clips: ofMachine }) => {
    const count = (split: Clip['split'], label: Clip['label']) =>
      ofMachine.filter((clip) => clip.split === split && clip.label === label).length;
    const read = ofMachine.flatMap((clip) => facts.get(clip) ?? []);
    const seconds = read.map(({ nSamples, sampleRate }) => nSamples / sampleRate);
    return {
      machineType,
      machineId,
      nTrainNormal: count('train', 'normal'),
      nTrainAnomalous: count('train', 'anomaly'),
      nTestNormal: count('test', 'normal'),
      nTestAnomalous: count('test', 'anomaly'),
      nUnreadable: ofMachine.length - read.length,
      seconds: seconds.length === 0 ? null : [extreme(Math.min, seconds), extreme(Math.max, seconds)],
      sampleRates: byFrequency(read.map(({ sampleRate }) => sampleRate)).map(({ value }) => value),
      channels: byFrequency(read.map(({ nChannels }) => nChannels)).map(({ value }) => value),
    };
  });
}

/** Arguments would be too many for a call: a machine may have 100,000 clips and more. */
function extreme(of: (a: number, b: number) => number, values: readonly number[]): number {
  return values.reduce((found, value) => of(found, value));
}
