import { loadRecording } from '@serial-oe/datasets/node';
import { printableLine } from '@serial-oe/foundation';
import type { ProgressLine } from '../terminal/progress-line';
import type { Terminal } from '../terminal/terminal';
import type { Listener } from './label-recordings';
import { findPlayer, PLAYER_NAMES } from './player';
import { terminalSpectrogram } from './terminal-spectrogram';

/** Lines and most columns of a spectrogram; without a terminal that says how wide it is, the width of old ones. */
const [HEIGHT, MOST_COLUMNS, COLUMNS] = [12, 120, 80];
const QUESTION = '[a]nomaly  [n]ormal  [s]kip  [r]eplay  [b]ack  [q]uit ? ';

export interface TerminalListenerOptions {
  terminal: Terminal;
  progress: ProgressLine;
  /** What was asked for; undefined for what is installed. */
  player: string | undefined;
  /** False where nothing is asked, so that nothing is played. */
  isAsking: boolean;
}

/** Shows recordings in the terminal (stderr) and plays them, where something can. */
export function terminalListener({
  terminal,
  progress,
  player: asked,
  isAsking,
}: TerminalListenerOptions): Listener {
  const player = isAsking ? findPlayer(asked) : null;
  if (isAsking && player === null && asked !== 'none') {
    progress.notice(`nothing is played: none of ${PLAYER_NAMES} is installed. --player names another one.`);
  }
  const play = (path: string) => {
    if (player === null) return;
    void player.play(path).then((problem) => {
      if (problem !== null) progress.warning(printableLine(problem));
    });
  };
  return {
    async present({ path }, { i, n }) {
      const { waveform, sampleRate } = await loadRecording(path);
      const peak = waveform.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      const level = peak > 0 ? `${(20 * Math.log10(peak)).toFixed(1)} dB` : 'silent';
      const seconds = (waveform.length / sampleRate).toFixed(1);
      terminal.err(
        `\n[${i + 1}/${n}] ${printableLine(path)}  ${seconds} s, ${sampleRate} Hz, peak ${level}\n`,
      );
      const width = Math.min(process.stderr.columns ?? COLUMNS, MOST_COLUMNS);
      const picture = { sampleRate, width, height: HEIGHT, hasColor: hasColor(terminal) };
      (terminal.paint ?? terminal.err)(terminalSpectrogram(waveform, picture));
      play(path);
    },
    replay: ({ path }) => play(path),
    hush: () => player?.stop(),
    ask: () => terminal.err(QUESTION),
    tell: (message) => terminal.err(`${printableLine(message)}\n`),
    warn: (message) => progress.warning(printableLine(message)),
  };
}

/** By https://no-color.org; a file or a pipe gets none. */
function hasColor({ isInteractive, paint }: Terminal): boolean {
  return isInteractive && paint !== undefined && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}
