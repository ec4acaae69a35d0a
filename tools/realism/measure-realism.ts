import { melStatistics } from '@serial-oe/baselines';
import {
  type Clip,
  DCASE2020_MACHINE_TYPES,
  type SynthesizeOptions,
  synthesizeMachineSounds,
} from '@serial-oe/datasets';
import { areasOf, scoreClips } from './detectability';
import { groupsOf } from './groups-of';
import { type Likeness, likenessOf, meanSpectrum, withoutLevel } from './likeness';

export interface Likenesses {
  likeness: Likeness;
  /** Of spectra without their level: recordings of one type often share a gain that tells it. */
  likenessWithoutLevel: Likeness;
}

/** aAUC of `mel-statistics` in percent, mean over the machines of a type that have enough test clips. */
export interface TypeArea {
  machineType: string;
  aAuc: number;
}

export interface Realism extends Likenesses {
  aAuc: TypeArea[];
}

/** Normal clips of as many machines a type as the public excerpts of DCASE2020 have, so that accuracies compare. */
const LIKENESS_CLIPS = { nIds: 4, nTrain: 5, nTest: 0 } as const satisfies SynthesizeOptions;
const DETECTION_CLIPS = { nIds: 3, nTrain: 24, nTest: 18 } as const satisfies SynthesizeOptions;

/** The figures of recordings; waveforms in memory, 16 kHz. */
export async function realismOf(clips: readonly Clip[]): Promise<Realism> {
  return { ...likenessesOf(clips), aAuc: await aAucOf(clips) };
}

/** Of synthetic sounds, with options that change how they are made. */
export function likenessOfSynthetic(options: SynthesizeOptions = {}): Likenesses {
  return likenessesOf(synthesizeMachineSounds({ ...LIKENESS_CLIPS, ...options }));
}

/** Likewise. */
export async function aAucOfSynthetic(options: SynthesizeOptions = {}): Promise<TypeArea[]> {
  const areas: TypeArea[] = [];
  for (const machineType of options.machineTypes ?? DCASE2020_MACHINE_TYPES) {
    const own = { ...DETECTION_CLIPS, ...options, machineTypes: [machineType] };
    areas.push(...(await aAucOf(synthesizeMachineSounds(own))));
  }
  return areas;
}

function likenessesOf(clips: readonly Clip[]): Likenesses {
  const described = clips
    .filter(({ label }) => label === 'normal')
    .map(({ machineType, machineId, waveform }) => ({
      machineType,
      machineId,
      spectrum: meanSpectrum(waveform!),
    }));
  return {
    likeness: likenessOf(described),
    likenessWithoutLevel: likenessOf(described.map(withoutLevel)),
  };
}

async function aAucOf(clips: readonly Clip[]): Promise<TypeArea[]> {
  const found: TypeArea[] = [];
  for (const own of groupsOf(clips, ({ machineType }) => machineType)) {
    const { machineType } = own[0]!;
    if (!own.some(({ label }) => label === 'anomaly') || !own.some(({ split }) => split === 'train'))
      continue;
    const areas = areasOf(await scoreClips(melStatistics, own, { machineType }));
    if (areas) found.push({ machineType, aAuc: areas.aAuc });
  }
  return found;
}
