import { describeSignal } from '@serial-oe/audio-features';
import type { LoadedRecording } from '@serial-oe/datasets/node';
import { printableLine } from '@serial-oe/foundation';

/** How far a recording may be from the level of all training clips, dB: those of one machine differ by 6, of a type by 10. */
const LEVEL_DIFFERENCE = 18;

/**
 * What a person would hear is wrong with a recording that was scored, and what was wrong with its file: a line with the path
 * in front, or null where there is nothing to say.
 *
 * @param trainingLevel standard deviation of the training clips' samples, full scale = 1; undefined where the model does not know it
 */
export function signalNote(
  audio: LoadedRecording,
  { path, trainingLevel }: { path: string; trainingLevel: number | undefined },
): string | null {
  const { findings, level } = describeSignal(audio);
  const notes = [...audio.warnings, ...findings.map(({ message }) => message)];
  const isOtherwiseSound = findings.every(
    ({ severity, kind }) => severity === 'warning' && kind !== 'integerScale',
  );
  const difference = trainingLevel === undefined ? 0 : 20 * Math.log10(level / trainingLevel);
  if (isOtherwiseSound && Math.abs(difference) >= LEVEL_DIFFERENCE) {
    const word = difference < 0 ? 'quieter' : 'louder';
    notes.push(`Much ${word} than the training clips, by ${Math.abs(difference).toFixed(0)} dB.`);
  }
  return notes.length === 0 ? null : `${printableLine(path)}: ${notes.join(' ')}`;
}
