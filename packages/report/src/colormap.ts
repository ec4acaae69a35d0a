import { checkOneOf } from '@serial-oe/foundation';

/**
 * Perceptually uniform colour maps, dark to bright; `'gray'` is linear in sRGB values. `'difference'` goes from blue over near-white in
 * the middle to red-brown, as dark at both ends, for values with a sign.
 */
export type ColormapName = 'viridis' | 'magma' | 'gray' | 'difference';

/** Of viridis and magma by S. van der Walt and N. Smith (matplotlib), CC0, every fifth of the 256 colours. */
const CONTROL_POINTS: Record<ColormapName, string> = {
  viridis:
    '440154 46085c 471063 481769 481d6f 482475 472a7a 46307e 453781 433d84 414287 3f4889 3d4e8a 3a538b 38598c ' +
    '355e8d 33638d 31688e 2e6d8e 2c718e 2a768e 297b8e 27808e 25848e 23898e 218e8d 20928c 1f978b 1e9c89 1fa188 ' +
    '21a585 24aa83 28ae80 2eb37c 35b779 3dbc74 46c06f 50c46a 5ac864 65cb5e 70cf57 7cd250 89d548 95d840 a2da37 ' +
    'b0dd2f bddf26 cae11f d8e219 e5e419 f1e51d fde725',
  magma:
    '000004 02020b 050416 090720 0e0b2b 140e36 1a1042 21114e 29115a 311165 390f6e 420f75 4a1079 52137c 5a167e ' +
    '621980 6a1c81 721f81 792282 812581 892881 912b81 992d80 a1307e aa337d b2357b ba3878 c23b75 ca3e72 d2426f ' +
    'd9466b e04c67 e75263 ec5860 f1605d f4695c f7725c f97b5d fb8560 fc8e64 fd9869 fea16e feaa74 feb47b febd82 ' +
    'fec68a fecf92 fed89a fde2a3 fdebac fcf4b6 fcfdbf',
  gray: '000000 ffffff',
  difference: '12407f 3f78b8 8fb7dd f5f4f1 e5a682 c0622f 7a2d0c',
};

/** Names that {@link colormap} knows. */
export const COLORMAPS = Object.keys(CONTROL_POINTS) as ColormapName[];

/**
 * The 256 colours of a map, `[256 x 3]` sRGB bytes; within 1/255 of matplotlib's table (linear between every fifth
 * colour).
 *
 * @throws RangeError for a name that there is not
 */
export function colormap(name: ColormapName): Uint8Array {
  const points = CONTROL_POINTS[checkOneOf('report.colormap: name', name, COLORMAPS)]
    .split(' ')
    .map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const position = (i / 255) * (points.length - 1);
    const below = Math.min(points.length - 2, Math.floor(position));
    for (let channel = 0; channel < 3; channel++) {
      const low = points[below]![channel]!;
      const high = points[below + 1]![channel]!;
      table[3 * i + channel] = Math.round(low + (high - low) * (position - below));
    }
  }
  return table;
}
