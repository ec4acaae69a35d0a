import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  checkMonitorConfig,
  type MonitorConfig,
  readMonitorConfig,
  type SourceConfig,
} from '@serial-oe/monitor/config';
import { UsageError } from '../command/usage-error';

/** The flags that say what is listened to, without `--config`. */
export interface QuickFlags {
  readonly model: string | undefined;
  readonly machineId: string | undefined;
  readonly source: string | undefined;
  readonly sampleRate: number | undefined;
  readonly site: string | undefined;
  readonly asset: string | undefined;
  readonly sensor: string | undefined;
  readonly window: number | undefined;
  readonly hop: number | undefined;
  readonly onDelay: number | undefined;
  readonly offDelay: number | undefined;
  readonly mqtt: string | undefined;
  readonly nats: string | undefined;
  readonly prometheus: number | undefined;
  readonly state: string | undefined;
  readonly clips: string | undefined;
}

/** A configuration with where it comes from. */
export interface MonitorSettings {
  config: MonitorConfig;
  /** What messages begin with. */
  file: string;
  /** A path of the configuration as the process finds it: those of a file count from its folder. */
  pathOf(path: string): string;
}

/** Of a model or a source, which is no path. */
export const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;
const MODEL_NAME = 'model';
const SAMPLE_RATE = 16_000;

/**
 * What the file of `--config` says, or else the flags.
 * @throws UsageError for flags that are missing or do not go together; MonitorConfigError for what is wrong in the file
 */
export async function readSettings(
  configFile: string | undefined,
  flags: QuickFlags,
): Promise<MonitorSettings> {
  if (configFile === undefined) {
    const file = 'serial-oe monitor';
    return { file, config: checkMonitorConfig(configOfFlags(flags), { file }), pathOf: (path) => path };
  }
  const given = Object.entries(flags).find(([, value]) => value !== undefined);
  if (given !== undefined) {
    const name = given[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${name} and --config cannot be given together; the file has a field for it.`);
  }
  const folder = dirname(resolve(configFile));
  return {
    file: configFile,
    config: readMonitorConfig(await readText(configFile), { file: configFile, env: process.env }),
    pathOf: (path) => (ADDRESS.test(path) ? path : resolve(folder, path)),
  };
}

/** @throws UsageError for a file that cannot be read */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `--config must name a YAML or JSON file, got ${file}: ${(cause as Error).message}. Check the path.`,
    );
  }
}

function configOfFlags(flags: QuickFlags): unknown {
  const { model, machineId, source, site = 'site', asset = 'machine', sensor = 'mic' } = flags;
  if (model === undefined || source === undefined) {
    throw new UsageError('--config FILE is needed, or --model MODEL and --source SOURCE.');
  }
  return {
    site,
    models: { [MODEL_NAME]: model },
    sensors: [{ asset, sensor, machineId, model: MODEL_NAME, source: sourceOf(source, flags.sampleRate) }],
    windowSeconds: flags.window,
    hopSeconds: flags.hop,
    alarm: { onDelay: flags.onDelay, offDelay: flags.offDelay },
    sinks: {
      ...(flags.mqtt !== undefined && { mqtt: { url: flags.mqtt } }),
      ...(flags.nats !== undefined && { nats: { servers: flags.nats } }),
      ...(flags.prometheus !== undefined && { prometheus: { port: flags.prometheus } }),
    },
    stateFile: flags.state,
    ...(flags.clips !== undefined && { clips: { folder: flags.clips } }),
  };
}

/** What `--source` says: `arecord`, `arecord:hw:1`, `stdin`, an address for ffmpeg, or a file. */
export function sourceOf(source: string, sampleRate: number | undefined): SourceConfig {
  if (source === 'stdin' || source === '-') return { stdin: { sampleRate: sampleRate ?? SAMPLE_RATE } };
  const [, device] = /^arecord(?::(.+))?$/.exec(source) ?? [];
  if (device !== undefined || source === 'arecord') return { arecord: { device, sampleRate } };
  if (ADDRESS.test(source)) return { ffmpeg: { input: source, sampleRate } };
  if (sampleRate !== undefined) {
    throw new UsageError('--sample-rate goes with stdin, arecord or an address; a file says its own.');
  }
  return { file: source };
}
