import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { StreamScorer } from '@serial-oe/monitor';
import type { SensorConfig } from '@serial-oe/monitor/config';
import { Monitor, type SensorOptions } from '@serial-oe/monitor/node';
import { checkWritable } from '@serial-oe/runtime/node/files';
import { type LoadModelOptions, loadModel } from '../model/load-model';
import type { LoadedModel } from '../model/loaded-model';
import { machineNamed, typeToTell } from '../model/machine-names';
import type { MonitorSettings } from './read-settings';
import { listeningOf, openSource, programOf } from './sensor-plan';

/** Sensors that are ready to listen, with what has to be closed behind them. */
export interface LoadedSensors {
  sensors: SensorOptions[];
  /** By their names in the configuration. */
  models: ReadonlyMap<string, LoadedModel>;
  /** What keeps the monitor from running: each a sentence with file, field and remedy. Sensors are there for what has none. */
  problems: string[];
  close(): Promise<void>;
}

/** Clips that a monitor scores without an end, to whoever asks how many threads they are worth. */
const MANY = 1_000_000;

/**
 * Loads each model once and checks all that can be checked before listening: machine IDs, windows, programs, files, and that state and
 * clips can be written.
 * @throws what {@link loadModel} throws for wrong flags; what is wrong with a model is a problem
 */
export async function loadSensors(
  settings: MonitorSettings,
  options: LoadModelOptions,
): Promise<LoadedSensors> {
  const { config, file } = settings;
  const problems: string[] = [];
  const models = new Map<string, LoadedModel>();
  const close = async () => {
    for (const model of models.values()) await model.close();
  };
  try {
    await loadModels(settings, { options, models, problems });
    const sensors: SensorOptions[] = [];
    for (const [i, sensor] of config.sensors.entries()) {
      const ready = await loadSensor(sensor, { settings, models, problems, where: `${file}: sensors[${i}]` });
      if (ready !== null) sensors.push(ready);
    }
    await checkPlaces(settings, problems);
    if (problems.length === 0) await checkAsWhole(settings, { sensors, problems });
    return { sensors, models, problems, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Loads each model that a sensor names into `models`. */
export async function loadModels(
  {
    config,
    file,
    pathOf,
  }: Pick<MonitorSettings, 'file' | 'pathOf'> & {
    config: { models: Readonly<Record<string, string>>; sensors: readonly { model: string }[] };
  },
  {
    options,
    models,
    problems,
  }: { options: LoadModelOptions; models: Map<string, LoadedModel>; problems: string[] },
): Promise<void> {
  for (const [name, source] of Object.entries(config.models)) {
    if (!config.sensors.some(({ model }) => model === name)) continue;
    const where = `${file}: models.${name}`;
    const model = await orProblem(where, problems, () =>
      loadModel(pathOf(source), { ...options, takesAllTypes: true }),
    );
    if (model !== null) models.set(name, model);
  }
}

/** Scores on threads of their own, so that listening never waits. @returns the most threads that one of them has */
export async function startThreads(models: ReadonlyMap<string, LoadedModel>): Promise<number> {
  let nThreads = 0;
  for (const model of models.values()) nThreads = Math.max(nThreads, await model.startThreads(MANY));
  return nThreads;
}

interface Context {
  settings: MonitorSettings;
  models: ReadonlyMap<string, LoadedModel>;
  problems: string[];
  where: string;
}

async function loadSensor(
  sensor: SensorConfig,
  { settings, models, problems, where }: Context,
): Promise<SensorOptions | null> {
  await checkSource(sensor, { settings, problems, where });
  const model = models.get(sensor.model);
  if (model === undefined) return null; // told already
  const machineId = machineOf(sensor, { model, problems, where });
  if (machineId === null) return null;
  const listening = listeningOf(settings.config, sensor);
  const { windowSeconds, hopSeconds, maxPendingSeconds } = listening;
  const { site } = settings.config;
  const { asset, sensor: microphone } = sensor;
  return orProblem(where, problems, async () => {
    new StreamScorer(model.scorer, { machineId, windowSeconds, hopSeconds, maxPendingSeconds });
    return {
      ...listening,
      name: { site, asset, sensor: microphone, machineId },
      source: openSource(sensor.source, settings),
      scorer: model.scorer,
      machineType: typeToTell(model.machineType),
    };
  });
}

/** The machine by the name that the model has for it; null where there is none. */
function machineOf(
  { machineId, model: name }: SensorConfig,
  { model, problems, where }: { model: LoadedModel; problems: string[]; where: string },
): string | null {
  const known = model.machineIds;
  if (machineId === undefined) {
    if (known.length === 1) return known[0]!;
    problems.push(`${where}.machineId is missing. The model ${name} knows ${known.join(', ')}: name one.`);
    return null;
  }
  const found = machineNamed(model, machineId) ?? (model.usesMachineIds ? undefined : machineId);
  if (found !== undefined) return found;
  problems.push(
    `${where}.machineId must be one that the model ${name} knows (${known.join(', ')}), got ${machineId}. ` +
      'Name one of these, or train a model with recordings of this machine.',
  );
  return null;
}

/** Programs and files that a source needs. */
export async function checkSource(
  { source }: Pick<SensorConfig, 'source'>,
  {
    settings,
    problems,
    where,
  }: { settings: Pick<MonitorSettings, 'pathOf'>; problems: string[]; where: string },
): Promise<void> {
  const program = programOf(source);
  if (program !== null && !(await isInstalled(program))) {
    const packages: Record<string, string> = { arecord: 'alsa-utils', ffmpeg: 'ffmpeg' };
    const own = packages[program];
    const remedy =
      own === undefined ? 'Check its name and path.' : `Install it, such as by "apt install ${own}".`;
    problems.push(`${where}.source needs the program ${program}, which is not installed. ${remedy}`);
  }
  if ('file' in source) {
    const path = settings.pathOf(source.file);
    const isThere = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!isThere)
      problems.push(
        `${where}.source.file must be a recording that can be read, got ${path}. Check the path.`,
      );
  }
}

async function isInstalled(program: string): Promise<boolean> {
  const isPath = isAbsolute(program) || program.includes('/') || program.includes('\\');
  const folders = isPath ? [''] : (process.env.PATH ?? '').split(delimiter);
  const endings = process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE').split(';').concat('') : [''];
  for (const path of folders.flatMap((folder) => endings.map((ending) => join(folder, program + ending)))) {
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

async function checkPlaces({ config, file, pathOf }: MonitorSettings, problems: string[]): Promise<void> {
  const { stateFile, clips } = config;
  if (stateFile !== undefined)
    await orProblem(`${file}: stateFile`, problems, () => checkWritable(pathOf(stateFile)));
  if (clips !== undefined) {
    const check = () => checkWritable(join(pathOf(clips.folder), 'clip.wav'));
    await orProblem(`${file}: clips.folder`, problems, check);
  }
}

/** What the monitor itself refuses, such as a state file that is none. */
async function checkAsWhole(
  { config: { stateFile, clips }, file, pathOf }: MonitorSettings,
  { sensors, problems }: { sensors: SensorOptions[]; problems: string[] },
): Promise<void> {
  await orProblem(file, problems, async () => {
    new Monitor({
      sensors,
      stateFile: stateFile === undefined ? undefined : pathOf(stateFile),
      clips: clips === undefined ? undefined : { ...clips, folder: pathOf(clips.folder) },
    });
  });
}

/** The result; null with a problem more where it fails. A stop that was asked for is none. */
export async function orProblem<T>(
  where: string,
  problems: string[],
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'AbortError' || name === 'UsageError') throw error;
    problems.push(`${where}: ${message}`);
    return null;
  }
}
