import { type SensorName, StreamScorer } from '@serial-oe/monitor';
import { type FleetRule, ruleFor } from '@serial-oe/monitor/config';
import type { FleetSensorOptions } from '@serial-oe/monitor/nats';
import type { LoadedModel } from '../model/loaded-model';
import { machineNamed, typeToTell } from '../model/machine-names';
import { orProblem } from '../monitor/load-sensors';
import type { FleetSettings } from './read-fleet-settings';

interface Rules {
  settings: FleetSettings;
  models: ReadonlyMap<string, LoadedModel>;
}

/** What is wrong with the rules before any sensor is heard: machines that a model does not know, windows that are too short. */
export async function checkRules({ settings, models }: Rules, problems: string[]): Promise<void> {
  const { config, file } = settings;
  for (const [i, rule] of config.sensors.entries()) {
    const model = models.get(rule.model);
    if (model === undefined) continue; // told already
    const where = `${file}: sensors[${i}]`;
    const { machineId } = rule;
    if (machineId !== undefined && knownMachine(model, machineId) === undefined) {
      problems.push(
        `${where}.machineId must be one that the model ${rule.model} ${knows(model)}, got ${machineId}.`,
      );
    }
    const { windowSeconds, hopSeconds } = listening(settings, rule);
    await orProblem(where, problems, async () => {
      new StreamScorer(model.scorer, { windowSeconds, hopSeconds });
    });
  }
}

/** How a sensor is scored, by the first rule that fits; null, with a word about it, for one that is not. */
export function sensorOptions(
  { settings, models }: Rules,
  tell: (message: string) => void,
): (name: SensorName) => FleetSensorOptions | null {
  return (name) => {
    const { site, asset, sensor } = name;
    const label = `${site}/${asset}/${sensor}`;
    const rule = ruleFor(settings.config.sensors, name);
    if (rule === undefined) {
      tell(`${label}: no rule of sensors fits; it is not scored`);
      return null;
    }
    const model = models.get(rule.model)!;
    const said = rule.machineId ?? name.machineId;
    const only = model.machineIds.length === 1 ? model.machineIds[0] : undefined;
    const machineId = said === '' ? only : knownMachine(model, said);
    if (machineId === undefined) {
      const got = said === '' ? 'none; the sensor says no machine' : said;
      tell(
        `${label}: machineId must be one that the model ${rule.model} ${knows(model)}, got ${got}. It is not scored`,
      );
      return null;
    }
    const { scorer, machineType } = model;
    return { scorer, machineId, machineType: typeToTell(machineType), ...listening(settings, rule) };
  };
}

function knownMachine(model: LoadedModel, machineId: string): string | undefined {
  return machineNamed(model, machineId) ?? (model.usesMachineIds ? undefined : machineId);
}

function knows({ machineIds }: LoadedModel): string {
  return `knows (${machineIds.join(', ')})`;
}

/** A rule's settings with those of the whole file for what it does not say. */
function listening({ config }: FleetSettings, rule: FleetRule) {
  return {
    windowSeconds: rule.windowSeconds ?? config.windowSeconds,
    hopSeconds: rule.hopSeconds ?? config.hopSeconds,
    alarm: { ...config.alarm, ...rule.alarm } as FleetSensorOptions['alarm'],
    hearing: { ...config.hearing, ...rule.hearing },
  };
}
