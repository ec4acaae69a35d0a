import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { checkNumber, hidePassword, POSITIVE_COUNT } from '@serial-oe/foundation';
import { type AudioPiece, type AudioSource, AudioSourceError } from './audio-source';
import { PcmDecoder, type PcmFormat } from './pcm-decoder';
import { readPcm } from './pcm-source';

export interface CommandSourceOptions extends PcmFormat {
  /** The program, such as `arecord`, and its arguments. It writes PCM without a header to standard output. */
  command: string;
  args: readonly string[];
  /** Hz, of what it writes. */
  sampleRate: number;
  /** For messages; default: the command and its arguments. */
  name?: string | undefined;
  /** Whether it gives sound at the pace of the clock and never ends by itself. Default true. */
  isLive?: boolean | undefined;
}

/** Of what the program wrote to standard error, as much is told. */
const MAX_COMPLAINT = 500;
/** How long a program has to end by itself. */
const KILL_AFTER_MS = 2000;

/**
 * What a program writes to standard output.
 * @example
 * const source = commandSource({ command: 'arecord', args: ['-t', 'raw', '-f', 'S16_LE', '-r', '16000'], sampleRate: 16000 });
 */
export function commandSource(options: CommandSourceOptions): AudioSource {
  const {
    command,
    args,
    sampleRate,
    isLive = true,
    name = [command, ...args].join(' '),
    ...format
  } = options;
  checkNumber('monitor.commandSource: sampleRate', sampleRate, POSITIVE_COUNT);
  new PcmDecoder(format);
  return {
    ...{ name, isLive, isEndless: isLive },
    open: (signal) => run({ command, args, sampleRate, format, name }, signal),
  };
}

/** A microphone by ALSA's `arecord`, such as `hw:1`; default the default one. */
export function arecordSource({
  device,
  sampleRate = 16_000,
  channels = 1,
  channel,
}: {
  device?: string | undefined;
  sampleRate?: number | undefined;
  channels?: number | undefined;
  channel?: number | undefined;
} = {}): AudioSource {
  const where = device === undefined ? [] : ['-D', device];
  const args = [
    '-q',
    ...where,
    '-t',
    'raw',
    '-f',
    'S16_LE',
    '-r',
    String(sampleRate),
    '-c',
    String(channels),
  ];
  return commandSource({ command: 'arecord', args, sampleRate, channels, channel });
}

/** Whatever ffmpeg opens: `rtsp://camera/stream`, a file, a device by `inputArgs` (`['-f', 'alsa']`). Mixed down to mono by ffmpeg. */
export function ffmpegSource({
  input,
  inputArgs = [],
  sampleRate = 16_000,
  isLive = /^[a-z]+:\/\//i.test(input) || inputArgs.length > 0,
}: {
  input: string;
  inputArgs?: readonly string[] | undefined;
  sampleRate?: number | undefined;
  isLive?: boolean | undefined;
}): AudioSource {
  const transport = input.startsWith('rtsp://') ? ['-rtsp_transport', 'tcp'] : [];
  const before = ['-nostdin', '-hide_banner', '-loglevel', 'error', ...transport, ...inputArgs, '-i', input];
  const after = ['-vn', '-ac', '1', '-ar', String(sampleRate), '-f', 'f32le', '-'];
  return commandSource({
    ...{ command: 'ffmpeg', args: [...before, ...after], sampleRate, encoding: 'f32le', isLive },
    name: `ffmpeg ${hidePassword(input)}`,
  });
}

async function* run(
  {
    command,
    args,
    sampleRate,
    format,
    name,
  }: { command: string; args: readonly string[]; sampleRate: number; format: PcmFormat; name: string },
  signal: AbortSignal,
): AsyncGenerator<AudioPiece> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-MAX_COMPLAINT);
  });
  const ended = endOf(child);
  try {
    yield* readPcm(child.stdout, { sampleRate, format, name, signal });
    if (signal.aborted) return;
    const problem = await ended;
    if (problem !== null)
      throw new AudioSourceError(`monitor: ${name} ${problem}${complaint && `: ${complaint.trim()}`}`);
  } finally {
    await stop(child, ended);
  }
}

/** Null for an end without complaint. */
async function endOf(child: ChildProcess): Promise<string | null> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code === 0) return null;
    return code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? 'cannot be started: the program is not installed'
      : `cannot be started: ${message}`;
  }
}

async function stop(child: ChildProcess, ended: Promise<string | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(timer);
}
