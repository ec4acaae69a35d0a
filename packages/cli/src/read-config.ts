import { readFile } from 'node:fs/promises';
import type { SerialOeConfigOverrides } from '@serial-oe/serial-oe/config';
import { UsageError } from './command/usage-error';

/** The flags that change a preset, as far as a command has them. */
export interface ConfigFlags {
  readonly config: string | undefined;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly microBatch?: number | 'auto' | undefined;
  readonly seed?: number | undefined;
}

/** Changes to the preset: those of the file that `--config` names, then those of the flags. */
export async function readConfig(flags: ConfigFlags): Promise<SerialOeConfigOverrides> {
  return networkChanges(flags, await readConfigFile(flags.config));
}

/** What the file holds; nothing where none is named. */
export async function readConfigFile(file: string | undefined): Promise<object> {
  return file === undefined ? {} : readJson(file);
}

/** Changes to the preset of a network: those of a file, then those of the flags. */
export function networkChanges(flags: ConfigFlags, config: SerialOeConfigOverrides): SerialOeConfigOverrides {
  const { epochs: nEpochs, batchSize, microBatch: microBatchSize, seed } = flags;
  if (batchSize !== undefined && batchSize % 2 !== 0) {
    throw new UsageError(`--batch-size must be even, half of it normal chunks, got ${batchSize}.`);
  }
  return {
    ...config,
    ...(seed !== undefined && { seed }),
    ...(nEpochs !== undefined && { optimization: { ...config.optimization, nEpochs } }),
    ...((batchSize !== undefined || microBatchSize !== undefined) && {
      batch: {
        ...config.batch,
        ...(batchSize !== undefined && { nNormal: batchSize / 2, nOutliers: batchSize / 2 }),
        ...(microBatchSize !== undefined && { microBatchSize }),
      },
    }),
  };
}

async function readJson(file: string): Promise<object> {
  let config: unknown;
  try {
    config = JSON.parse(decodeText(await readFile(file)));
  } catch (cause) {
    const remedy = 'code' in (cause as Error) ? '. Check the path.' : '';
    throw new UsageError(`--config must name a JSON file, got ${file}: ${(cause as Error).message}${remedy}`);
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  throw new UsageError(
    `--config must hold a JSON object such as {"loss": {"alpha": 5}}, got ${JSON.stringify(config).slice(0, 40)} in ${file}.`,
  );
}

/** Editors and shells on Windows write a byte order mark, or UTF-16 behind one. */
function decodeText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes); // which drop the mark
}
