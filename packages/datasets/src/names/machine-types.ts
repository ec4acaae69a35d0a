import { fold } from './read-name';

/** Machine types of DCASE Task 2, 2020 to 2025, of MIMII and ToyADMOS, as they spell them. */
export const KNOWN_MACHINE_TYPES: readonly string[] = [
  ...['fan', 'pump', 'slider', 'valve', 'gearbox', 'bearing', 'ToyCar', 'ToyConveyor', 'ToyTrain'],
  ...['bandsaw', 'grinder', 'shaker', 'ToyDrone', 'ToyNscale', 'ToyTank', 'Vacuum'],
  ...['3DPrinter', 'AirCompressor', 'BrushlessMotor', 'HairDryer', 'HoveringDrone', 'RoboticArm', 'Scanner'],
  ...[
    'ToothBrush',
    'ToyCircuit',
    'AutoTrash',
    'BandSealer',
    'CoffeeGrinder',
    'HomeCamera',
    'Polisher',
    'ScrewFeeder',
  ],
  ...['ToyPet', 'ToyRCCar'],
];

const key = (text: string) => fold(text).replace(/[^\p{L}\p{N}]/gu, '');
const BY_KEY = new Map(KNOWN_MACHINE_TYPES.map((type) => [key(type), type]));

/** The known type that a name is, whatever its capitals and separators. */
export function knownMachineType(name: string): string | undefined {
  return BY_KEY.get(key(name));
}

/** The known types that a name mentions as words of it: `fan` of `6_dB_fan`. */
export function mentionedMachineTypes(name: string): string[] {
  const words = name
    .normalize('NFKC')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const found = words.flatMap((word) => {
    const plain = word.replace(/(?<=\p{L})\d+$/u, ''); // pump2
    return (
      knownMachineType(word) ?? knownMachineType(plain) ?? knownMachineType(plain.replace(/s$/, '')) ?? []
    );
  });
  return [...new Set(found)];
}
