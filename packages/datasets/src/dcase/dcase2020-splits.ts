/** The machine types of DCASE2020 Task 2: MIMII's four, then ToyADMOS's two. */
export const DCASE2020_MACHINE_TYPES = ['fan', 'pump', 'slider', 'valve', 'ToyCar', 'ToyConveyor'] as const;

export type Dcase2020MachineType = (typeof DCASE2020_MACHINE_TYPES)[number];

const MIMII_IDS = { development: ['00', '02', '04', '06'], evaluation: ['01', '03', '05'] } as const;

/**
 * The machine IDs of DCASE2020 Task 2, 41 in all. The paper reports the development IDs and was tuned on the
 * evaluation IDs; all of them train the extractor.
 *
 * Source: Koizumi et al., "Description and Discussion on DCASE2020 Challenge Task2", and the Serial-OE paper.
 */
export const DCASE2020_SPLITS: Readonly<
  Record<
    Dcase2020MachineType,
    { readonly development: readonly string[]; readonly evaluation: readonly string[] }
  >
> = {
  fan: MIMII_IDS,
  pump: MIMII_IDS,
  slider: MIMII_IDS,
  valve: MIMII_IDS,
  ToyCar: { development: ['01', '02', '03', '04'], evaluation: ['05', '06', '07'] },
  ToyConveyor: { development: ['01', '02', '03'], evaluation: ['04', '05', '06'] },
};
