import { decode } from 'fast-png';
import { spectrogramPlot } from '../src/charts';
import { colormap, spectrogramImage } from '../src/index';
import golden from './golden/report.json';
import { allElements, parseXml, textOf, textsOf } from './support/parse-xml';

function pixels(png: Uint8Array): { width: number; height: number; at: (x: number, y: number) => number[] } {
  const { width, height, data, channels, depth } = decode(png);
  expect({ channels, depth }).toEqual({ channels: 3, depth: 8 });
  return {
    width,
    height,
    at: (x, y) => Array.from(data.slice(3 * (y * width + x), 3 * (y * width + x) + 3)),
  };
}

/** 2 bands, 3 frames. */
const levels = { data: [0, 0.5, 1, 0.25, 0, 0.75], nMels: 2, nFrames: 3 };
const gray = (level: number) => [level, level, level];

describe('spectrogramImage', () => {
  it('shows time to the right and low frequencies at the bottom', () => {
    const image = pixels(spectrogramImage(levels, { scale: 'linear', colormap: 'gray' }));
    expect([image.width, image.height]).toEqual([3, 2]);
    const rows = [1, 0].map((y) => [0, 1, 2].map((x) => image.at(x, y)));
    expect(rows).toEqual([
      [gray(0), gray(128), gray(255)],
      [gray(64), gray(0), gray(191)],
    ]);
  });

  it('makes cells of frameWidth x bandHeight pixels', () => {
    const image = pixels(
      spectrogramImage(levels, { scale: 'linear', colormap: 'gray', frameWidth: 2, bandHeight: 3 }),
    );
    expect([image.width, image.height]).toEqual([6, 6]);
    expect([image.at(2, 3), image.at(3, 5), image.at(4, 5)]).toEqual([gray(128), gray(128), gray(255)]);
  });

  it('takes 20 log10 of magnitudes by default, 10 log10 of powers, down to dynamicRange', () => {
    const column = { data: [1, 0.1, 0.01, 0], nMels: 1, nFrames: 4 };
    const shades = (options: object) => {
      const image = pixels(spectrogramImage(column, { colormap: 'gray', ...options }));
      return [0, 1, 2, 3].map((x) => image.at(x, 0)[0]);
    };
    expect(shades({})).toEqual([255, 191, 128, 0]); // 0, -20, -40 dB of 80
    expect(shades({ power: 2 })).toEqual([255, 223, 191, 0]);
    expect(shades({ dynamicRange: 30 })).toEqual([255, 85, 0, 0]);
    expect(shades({ reference: 10 })).toEqual([191, 128, 64, 0]);
    expect(shades({ reference: 0.1 })).toEqual([255, 255, 191, 0]);
    expect(shades({ scale: 'linear', min: 0, max: 0.2 })).toEqual([255, 128, 13, 0]);
  });

  it('shows silence and constant values in the darkest colour', () => {
    for (const options of [{}, { scale: 'linear' as const }]) {
      const image = pixels(spectrogramImage({ data: [0, 0], nMels: 1, nFrames: 2 }, options));
      expect(image.at(1, 0)).toEqual([0, 0, 4]);
    }
  });

  it.each(['viridis', 'magma'] as const)('has the colours of matplotlib: %s', (colormap) => {
    const ramp = { data: Float32Array.from({ length: 256 }, (_, i) => i), nMels: 1, nFrames: 256 };
    const image = pixels(spectrogramImage(ramp, { scale: 'linear', colormap }));
    const colors = Array.from({ length: 256 }, (_, x) => image.at(x, 0)).flat();
    const errors = colors.map((value, i) => Math.abs(value - golden.colormaps[colormap][i]!));
    expect(Math.max(...errors)).toBeLessThanOrEqual(golden.colormaps.tolerance);
  });

  it('gives the colours of a map to pages that draw by themselves', () => {
    expect([...colormap('gray')]).toEqual(Array.from({ length: 256 }, (_, i) => [i, i, i]).flat());
    expect([...colormap('magma').slice(-3)]).toEqual([0xfc, 0xfd, 0xbf]);
    expect(() => colormap('jet' as never)).toThrow(/^report\.colormap: name must be one of .*, got 'jet'/);
  });

  it('has a map for differences: near white in the middle, as dark at both ends', () => {
    const ramp = { data: [-1, 0, 1], nMels: 1, nFrames: 3 };
    const image = pixels(spectrogramImage(ramp, { scale: 'linear', colormap: 'difference' }));
    const [low, middle, high] = [0, 1, 2].map((x) => image.at(x, 0) as [number, number, number]);
    expect(Math.min(...middle!)).toBeGreaterThan(235);
    expect(low![2]).toBeGreaterThan(low![0]);
    expect(high![0]).toBeGreaterThan(high![2]);
    const luma = ([r, g, b]: [number, number, number]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
    expect(Math.abs(luma(low!) - luma(high!))).toBeLessThan(12);
  });

  it('is magma by default, and the same bytes for the same input', () => {
    const ramp = { data: [0, 1], nMels: 1, nFrames: 2 };
    expect(pixels(spectrogramImage(ramp, { scale: 'linear' })).at(1, 0)).toEqual([252, 253, 191]);
    expect(spectrogramImage(ramp)).toEqual(spectrogramImage(ramp));
    expect(spectrogramImage(ramp)).toBeInstanceOf(Uint8Array);
  });

  it('takes a whole 10 s clip', () => {
    const clip = {
      data: Float32Array.from({ length: 224 * 626 }, (_, i) => 1 + Math.sin(i)),
      nMels: 224,
      nFrames: 626,
    };
    const image = decode(spectrogramImage(clip));
    expect([image.width, image.height]).toEqual([626, 224]);
  });

  it.each([
    ['NaN', { ...levels, data: [0, 1, NaN, 0, 0, 0] }, {}, /data\[2\] must be a finite number, got NaN/],
    [
      'decibels of negative values',
      { ...levels, data: [0, -1, 0, 0, 0, 0] },
      {},
      /must not be negative in decibels, got -1.*'linear'/,
    ],
    ['a wrong length', { ...levels, nFrames: 4 }, {}, /nMels x nFrames = 8 values, got 6/],
    ['no bands', { data: [], nMels: 0, nFrames: 0 }, {}, /nMels must be a whole number of at least 1, got 0/],
    ['nothing', undefined, {}, /spectrogram must be an object, got undefined/],
    ['another scale', levels, { scale: 'log' }, /scale must be one of 'db', 'linear', got 'log'/],
    ['another colour map', levels, { colormap: 'jet' }, /colormap must be one of/],
    ['another power', levels, { power: 3 }, /power must be one of 1, 2, got 3/],
    ['no dynamic range', levels, { dynamicRange: 0 }, /dynamicRange must be a finite number above 0, got 0/],
    ['a reference of 0', levels, { reference: 0 }, /reference must be a finite number above 0, got 0/],
    ['min above max', levels, { scale: 'linear', min: 2, max: 1 }, /min must be below max/],
    ['half pixels', levels, { frameWidth: 0.5 }, /frameWidth must be a whole number of at least 1/],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => spectrogramImage(bad as never, options as never)).toThrow(message);
  });
});

describe('marks of spectrogramPlot', () => {
  const flat = { data: new Float32Array(40 * 25), nMels: 40, nFrames: 25 };
  const options = { sampleRate: 16000, hopLength: 640, fMin: 50, fMax: 7800, scale: 'linear' } as const;
  const outlines = (marks: object[]) =>
    allElements(parseXml(spectrogramPlot(flat, { ...options, marks: marks as never })))
      .filter(({ attributes }) => attributes.stroke === '#ffffff')
      .map(({ attributes: { d = '' } }) => [...d.matchAll(/-?[\d.]+/g)].map(Number));

  it('outline a part of time and frequency, cut off at the picture', () => {
    const whole = outlines([{ time: -1, endTime: 9, fLow: 0, fHigh: 99_999 }])[0]!;
    const [left, top] = whole as [number, number];
    expect([left, top]).toEqual([58, 14]);
    const half = outlines([{ time: 0.5, endTime: 1, fLow: 1000, fHigh: 2000 }])[0]!;
    expect(half[0]).toBeCloseTo(58 + (640 - 58 - 72) / 2, 3); // of a second, half is the middle of the plot
    expect(half[1]).toBeGreaterThan(top);
  });

  it('takes a unit for the colour bar', () => {
    const svg = spectrogramPlot(flat, { ...options, min: -6, max: 6, unit: 'dB' });
    expect(textsOf(parseXml(svg), 'text')).toEqual(expect.arrayContaining(['6 dB', '\u22126 dB']));
  });

  it.each([
    [{ time: 1, endTime: 1, fLow: 0, fHigh: 1 }, /marks\[0\] must end after it begins/],
    [{ time: 0, endTime: NaN, fLow: 0, fHigh: 1 }, /marks\[0\]\.endTime must be a finite number/],
    [{ time: 0, endTme: 1, fLow: 0, fHigh: 1 }, /endTime/],
  ])('refuse %j', (mark, message) => {
    expect(() => outlines([mark])).toThrow(message);
  });
});

describe('spectrogramPlot', () => {
  const clip = { data: Float32Array.from({ length: 40 * 25 }, (_, i) => i), nMels: 40, nFrames: 25 };
  const axes = { sampleRate: 16000, hopLength: 3200, fMin: 50, fMax: 7800 };

  it('holds the image and a colour bar', () => {
    const svg = parseXml(spectrogramPlot(clip, axes));
    const images = allElements(svg).filter(({ name }) => name === 'image');
    const sizes = images.map(({ attributes }) => {
      const [, data] = /^data:image\/png;base64,(.*)$/.exec(attributes.href ?? attributes['xlink:href']!)!;
      const { width, height } = decode(Buffer.from(data!, 'base64'));
      return [width, height];
    });
    expect(sizes).toEqual([
      [25, 40],
      [1, 256],
    ]);
    expect(svg.attributes['aria-label']).toContain('5.0 s, 50 to 7800 Hz');
  });

  it('labels the frequencies where their bands are', () => {
    const y = (label: string, melScale: 'htk' | 'slaney' | 'linear') => {
      const svg = parseXml(spectrogramPlot(clip, { ...axes, melScale, height: 448 })); // a plot of 386 pixels from 14
      const text = allElements(svg).find(
        (element) => element.name === 'text' && element.children[0] === label,
      )!;
      return Number(/translate\(\S+ (\S+)\)/.exec(text.attributes.transform!)![1]);
    };
    const place = (toMel: (f: number) => number) => {
      const half = (toMel(7800) - toMel(50)) / 41 / 2;
      return 400 - (386 * (toMel(1000) - toMel(50) - half)) / (toMel(7800) - toMel(50) - 2 * half);
    };
    expect(y('1000', 'htk')).toBeCloseTo(
      place((f) => 2595 * Math.log10(1 + f / 700)),
      0,
    );
    const slaney = (f: number) => (f < 1000 ? f / (200 / 3) : 15 + Math.log(f / 1000) / (Math.log(6.4) / 27));
    expect(y('1000', 'slaney')).toBeCloseTo(place(slaney), 0);
    expect(y('1000', 'linear')).toBeCloseTo(
      place((f) => f),
      0,
    );
  });

  it.each([
    [2, 256, ['0', '0.005', '0.01', '0.015', '0.02', '0.025', '0.03']],
    [126, 256, ['0', '0.5', '1', '1.5', '2']],
    [626, 256, ['0', '2', '4', '6', '8', '10']],
  ])('has its ticks at round times: %p frames', (nFrames, hopLength, ticks) => {
    const data = new Float32Array(4 * nFrames).fill(1);
    const svg = parseXml(spectrogramPlot({ data, nMels: 4, nFrames }, { ...axes, hopLength }));
    const times = allElements(svg).filter(
      ({ name, attributes }) => name === 'text' && attributes['text-anchor'] === 'middle',
    );
    expect(times.map(textOf).filter((text) => text !== 'Time (s)' && text !== 'Frequency (Hz)')).toEqual(
      ticks,
    );
  });

  it('names the ends of its colours', () => {
    const texts = (options: object) =>
      textsOf(parseXml(spectrogramPlot(clip, { ...axes, ...options })), 'text');
    expect(texts({ dynamicRange: 60 })).toEqual(expect.arrayContaining(['0 dB', '\u221260 dB']));
    expect(texts({ scale: 'linear' })).toEqual(expect.arrayContaining(['999', '0']));
    expect(texts({ scale: 'linear', min: -7, max: 1234 })).toEqual(
      expect.arrayContaining(['1230', '\u22127']),
    );
  });

  it('refuses bad input', () => {
    expect(() => spectrogramPlot(clip, { ...axes, fMax: 9000 })).toThrow(
      /fMax <= sampleRate \/ 2, got .*fMax = 9000/,
    );
    expect(() => spectrogramPlot(clip, { ...axes, hopLength: 0 })).toThrow(
      /hopLength must be a whole number of at least 1/,
    );
    expect(() => spectrogramPlot(clip, { ...axes, fMin: NaN })).toThrow(/fMin must be a finite number/);
    expect(() => spectrogramPlot(clip, { ...axes, melScale: 'bark' as never })).toThrow(
      /melScale must be one of/,
    );
    expect(() => spectrogramPlot({ ...clip, nMels: 41 }, axes)).toThrow(/nMels x nFrames/);
    expect(() => spectrogramPlot(clip, undefined as never)).toThrow(TypeError);
  });
});
