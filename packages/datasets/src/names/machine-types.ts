import { fold } from './read-name';

/** Machine types of DCASE Task 2, 2020 to 2026, of MIMII and ToyADMOS, as they spell them. */
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

/** What they are called elsewhere; words with other meanings, such as German `Lager`, are not here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  pumpe: 'pump',
  luefter: 'fan',
  ventilator: 'fan',
  ventil: 'valve',
  getriebe: 'gearbox',
  slide: 'slider',
  ポンプ: 'pump',
  ファン: 'fan',
  バルブ: 'valve',
  スライダー: 'slider',
};

const key = (text: string) => fold(text).replace(/[^\p{L}\p{N}]/gu, '');
const BY_KEY = new Map(KNOWN_MACHINE_TYPES.map((type) => [key(type), type]));

/** The known type that a name is, whatever its capitals and separators. */
export function knownMachineType(name: string): string | undefined {
  return BY_KEY.get(key(name));
}

/** The known types that stand in a name as words: `fan` in `6_dB_fan`, `pump` in `pumps2`. */
export function knownTypesIn(name: string): string[] {
  return wordsIn(name, (word) => knownMachineType(word) ?? knownMachineType(word.replace(/s$/, '')));
}

/**
 * The known machine types that a name mentions, in English, German or Japanese.
 *
 * @example
 * mentionedMachineTypes('Lüfter Halle 3'); // ['fan']
 */
export function mentionedMachineTypes(name: string): string[] {
  const translated = wordsIn(
    name,
    (word) => OTHER_NAMES[word] ?? OTHER_NAMES[word.replace(/(?:n|en|e)$/, '')],
  );
  return [...new Set([...knownTypesIn(name), ...translated])];
}

function wordsIn(name: string, typeOf: (word: string) => string | undefined): string[] {
  const words = name
    .normalize('NFKC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean);
  const found = words.flatMap((word) => {
    const plain = fold(word);
    return typeOf(plain) ?? typeOf(plain.replace(/\d+$/, '')) ?? []; // pump2
  });
  return [...new Set(found)];
}
