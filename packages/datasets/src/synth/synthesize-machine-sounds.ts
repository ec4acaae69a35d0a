import { seededRandom } from '@serial-oe/foundation';
import type { Clip, Label, Split } from '../clip';
import type { Dcase2020MachineType } from '../dcase/dcase2020-splits';
import { createDraw } from './draw';
import type { Fault } from './machine-model';
import { MACHINE_MODELS } from './machine-models';
import { placeMachine, type RenderedClip, renderClip } from './render-clip';
import {
  checkMachineTypes,
  type ResolvedSynthesizeOptions,
  resolveSynthesizeOptions,
  type SynthesizeOptions,
} from './synthesis-options';

/** A synthesized clip, with the truth about it. */
export interface SyntheticClip extends Clip {
  /** Relative, in DCASE2020's layout: `<machineType>/<split>/<label>_id_<NN>_<NNNNNNNN>.wav`. */
  path: string;
  machineType: Dcase2020MachineType;
  waveform: Float32Array;
  sampleRate: number;
  /** `null` for normal clips. */
  anomalyKind: string | null;
  /** Of this clip's fault; 0 for normal clips. */
  severity: number;
}

/** Faults of single clips are this much more or less severe than asked for. */
const SEVERITY_SPREAD = 0.5;
/** In a machine's own terms; beyond it shafts would turn backwards. */
const MAX_SEVERITY = 15;

/**
 * Synthesizes machine sounds: six types of machine with several IDs each, in factory noise, normal and with
 * faults. See generateMachineSounds, which makes them one at a time: a clip of 10 s at 16 kHz takes 640 kB.
 *
 * @throws RangeError where an option is out of range
 * @example
 * const clips = synthesizeMachineSounds({ machineTypes: ['fan'], nIds: 1, nTrain: 20, nTest: 10, seed: 1 });
 */
export function synthesizeMachineSounds(options: SynthesizeOptions = {}): SyntheticClip[] {
  return [...generate(resolveSynthesizeOptions('datasets.synthesizeMachineSounds', options))];
}

/**
 * The clips of synthesizeMachineSounds one after the other, by type, ID, split and label.
 *
 * Each clip's randomness is its own, named by seed, type, ID, split, label and number: it comes out the same
 * whatever else is made. A machine's parameters depend on seed, type, ID and `idSpread` alone.
 *
 * @throws RangeError where an option is out of range
 */
export function generateMachineSounds(
  options: SynthesizeOptions = {},
): Generator<SyntheticClip, void, undefined> {
  return generate(resolveSynthesizeOptions('datasets.generateMachineSounds', options));
}

/** The number of clips that the options ask for. */
export function countMachineSounds(options: SynthesizeOptions = {}): number {
  const resolved = resolveSynthesizeOptions('datasets.countMachineSounds', options);
  const { machineTypes, nIds, nTrain, nTestNormal, nTestAnomalous } = resolved;
  return machineTypes.length * nIds * (nTrain + nTestNormal + nTestAnomalous);
}

/**
 * The kinds of fault that machines of a type can have, in the order in which anomalous clips take turns.
 *
 * @throws RangeError for a type that cannot be synthesized
 */
export function anomalyKindsOf(machineType: Dcase2020MachineType): readonly string[] {
  checkMachineTypes('datasets.anomalyKindsOf', [machineType]);
  return Object.keys(MACHINE_MODELS[machineType].faults);
}

function* generate(options: ResolvedSynthesizeOptions): Generator<SyntheticClip, void, undefined> {
  for (const { components, clip } of generateWithComponents(options)) {
    yield { ...clip, waveform: components.waveform };
  }
}

/** As generateMachineSounds, with machine and noise apart. */
export function* generateWithComponents(
  options: ResolvedSynthesizeOptions,
): Generator<{ clip: Omit<SyntheticClip, 'waveform'>; components: RenderedClip }, void, undefined> {
  const { seed, sampleRate, snrDb, idSpread, clipSpread } = options;
  const nSamples = Math.round(options.durationSeconds * sampleRate);
  for (const machineType of options.machineTypes) {
    for (let id = 0; id < options.nIds; id++) {
      const machineId = String(id + (machineType.startsWith('Toy') ? 1 : 0)).padStart(2, '0');
      const key = { seed, machineType, machineId, idSpread, clipSpread };
      const placed = placeMachine(MACHINE_MODELS[machineType], key, sampleRate);
      for (const { split, label, index } of clipsOfMachine(options)) {
        const stream = (name: string) =>
          seededRandom(seed, machineType, machineId, split, label, index, name);
        const fault =
          label === 'anomaly' ? drawFault(machineType, options.severity, { index, stream }) : null;
        const components = renderClip(placed, {
          ...{ nSamples, sampleRate, snrDb, clipSpread, stream },
          fault: fault && inTermsOf(machineType, fault),
        });
        const name = `${label}_id_${machineId}_${String(index).padStart(8, '0')}.wav`;
        const path = `${machineType}/${split}/${name}`;
        const truth = { anomalyKind: fault?.kind ?? null, severity: fault?.severity ?? 0 };
        yield { clip: { path, machineType, machineId, label, split, sampleRate, ...truth }, components };
      }
    }
  }
}

function clipsOfMachine({ nTrain, nTestNormal, nTestAnomalous }: ResolvedSynthesizeOptions) {
  const of = (n: number, split: Split, label: Label) =>
    Array.from({ length: n }, (_, index) => ({ split, label, index }));
  return [
    ...of(nTrain, 'train', 'normal'),
    ...of(nTestNormal, 'test', 'normal'),
    ...of(nTestAnomalous, 'test', 'anomaly'),
  ];
}

function drawFault(
  machineType: Dcase2020MachineType,
  severity: number,
  { index, stream }: { index: number; stream: (name: string) => () => number },
): Fault {
  const kinds = anomalyKindsOf(machineType);
  const kind = kinds[index % kinds.length] as string;
  const spread = createDraw(stream('severity')).uniform(1 - SEVERITY_SPREAD, 1 + SEVERITY_SPREAD);
  return { kind, severity: severity * spread };
}

function inTermsOf(machineType: Dcase2020MachineType, { kind, severity }: Fault): Fault {
  const factor = MACHINE_MODELS[machineType].faults[kind] as number;
  return { kind, severity: Math.min(MAX_SEVERITY, factor * severity) };
}
