import type { SoundLevels } from '@serial-oe/audio-features';
import type { NormalThreshold } from '@serial-oe/decision';
import { checkKind, checkNumber, FINITE } from '@serial-oe/foundation';

/** The levels of one clip as JSON: hundredths of a dB. */
export interface LevelsJSON {
  levelDb: number;
  bandLevelsDb: number[];
}

/** What a clip tells of itself. */
interface LevelledClip {
  machineId: string;
  levels?: SoundLevels | undefined;
}

/** Of the machines of which every clip tells its levels. */
export function knownLevels(machines: readonly (readonly LevelledClip[])[]): Map<string, SoundLevels[]> {
  const known = new Map<string, SoundLevels[]>();
  for (const clips of machines) {
    const levels = clips.flatMap((clip) => clip.levels ?? []);
    if (levels.length === clips.length && clips.length > 0) known.set(clips[0]!.machineId, levels);
  }
  return known;
}

export function levelsToJSON({ levelDb, bandLevelsDb }: SoundLevels): LevelsJSON {
  const hundredths = (level: number) => Math.round(100 * level) / 100;
  return { levelDb: hundredths(levelDb), bandLevelsDb: Array.from(bandLevelsDb, hundredths) };
}

/** @throws RangeError or TypeError that names the field; levels must be as many as the machine's scores */
export function readLevels(
  where: string,
  value: unknown,
  machines: ReadonlyMap<string, NormalThreshold>,
): Map<string, SoundLevels[]> {
  if (value === undefined) return new Map();
  return new Map(
    Object.entries(checkKind(where, value, 'object')).map(([machineId, clips]) => {
      const expected = machines.get(machineId)?.normalScores.length ?? 0;
      if (!Array.isArray(clips) || clips.length !== expected) {
        throw new RangeError(`${where}.${machineId} must be a list of ${expected}, one a normal score.`);
      }
      return [machineId, clips.map((clip, i) => readClip(`${where}.${machineId}[${i}]`, clip))] as const;
    }),
  );
}

function readClip(where: string, value: unknown): SoundLevels {
  const { levelDb, bandLevelsDb } = checkKind(where, value, 'object') as Record<string, unknown>;
  if (!Array.isArray(bandLevelsDb)) throw new TypeError(`${where}.bandLevelsDb must be a list.`);
  const bands = bandLevelsDb.map((level, i) => checkNumber(`${where}.bandLevelsDb[${i}]`, level, FINITE));
  return {
    levelDb: checkNumber(`${where}.levelDb`, levelDb, FINITE),
    bandLevelsDb: Float64Array.from(bands),
  };
}
