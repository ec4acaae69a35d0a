import { dirname, resolve } from 'node:path';
import { checkFleetConfig, type FleetConfig, readFleetConfig } from '@serial-oe/monitor/config';
import { UsageError } from '../command/usage-error';
import { ADDRESS, type MonitorSettings, readText } from '../monitor/read-settings';

/** The flags that say what a node does, without `--config`. */
export interface NodeFlags {
  readonly server: string | undefined;
  readonly model: string | undefined;
  readonly machineId: string | undefined;
  readonly window: number | undefined;
  readonly hop: number | undefined;
  readonly onDelay: number | undefined;
  readonly offDelay: number | undefined;
  readonly prometheus: number | undefined;
  readonly clips: string | undefined;
}

export interface FleetSettings extends Pick<MonitorSettings, 'file' | 'pathOf'> {
  config: FleetConfig;
}

const MODEL_NAME = 'model';

/**
 * What the file of `--config` says, or else the flags.
 * @throws UsageError for flags that are missing or do not go together; MonitorConfigError for what is wrong in the file
 */
export async function readFleetSettings(
  configFile: string | undefined,
  flags: NodeFlags,
): Promise<FleetSettings> {
  if (configFile === undefined) {
    const file = 'serial-oe fleet node';
    return { file, config: checkFleetConfig(configOfFlags(flags), { file }), pathOf: (path) => path };
  }
  const given = Object.entries(flags).find(([, value]) => value !== undefined);
  if (given !== undefined) {
    const name = given[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${name} and --config cannot be given together; the file has a field for it.`);
  }
  const folder = dirname(resolve(configFile));
  return {
    file: configFile,
    config: readFleetConfig(await readText(configFile), { file: configFile, env: process.env }),
    pathOf: (path) => (ADDRESS.test(path) ? path : resolve(folder, path)),
  };
}

function configOfFlags({ server, model, machineId, ...flags }: NodeFlags): unknown {
  if (server === undefined || model === undefined) {
    throw new UsageError('--config FILE is needed, or --server URL and --model MODEL.');
  }
  return {
    nats: { servers: server },
    models: { [MODEL_NAME]: model },
    sensors: [{ machineId, model: MODEL_NAME }],
    ...{ windowSeconds: flags.window, hopSeconds: flags.hop },
    alarm: { onDelay: flags.onDelay, offDelay: flags.offDelay },
    sinks: { ...(flags.prometheus !== undefined && { prometheus: { port: flags.prometheus } }) },
    ...(flags.clips !== undefined && { clips: { folder: flags.clips } }),
  };
}
