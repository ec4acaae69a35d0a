import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as browser from '../src/index';
import * as node from '../src/node';

/** The names of all exports in a source file, types included. */
function exportedNames(file: string): string[] {
  const text = readFileSync(join(__dirname, '..', 'src', file), 'utf8');
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap((match) =>
    (match[1] as string).split(','),
  );
  const functions = [...text.matchAll(/export function (\w+)/g)].map((match) => match[1] as string);
  return [...lists.map((name) => name.replace('type ', '').trim()).filter(Boolean), ...functions].sort();
}

describe('the entries for Node and for browsers', () => {
  it('export the same names', () => {
    expect(Object.keys(node).sort()).toEqual(Object.keys(browser).sort());
    expect(exportedNames('node.ts')).toEqual(exportedNames('index.ts'));
    expect(exportedNames('index.ts')).toContain('trainSerialOe');
  });

  it('refuse in a browser what needs files or threads', async () => {
    const clip = {
      path: 'a.wav',
      machineType: 'fan',
      machineId: '00',
      label: 'normal',
      split: 'train',
    } as const;
    const dataset = { clips: [clip, { ...clip, path: 'b.wav', machineType: 'pump' }] };
    await import('@tensorflow/tfjs-backend-cpu');
    const options = { dataset, machineType: 'fan', backend: 'cpu' };
    await expect(browser.trainSerialOe(options)).rejects.toThrow(/must carry waveform and sampleRate/);
    await expect(browser.trainSerialOe({ ...options, featureWorkers: -1 })).rejects.toThrow(
      /featureWorkers must be an integer >= 0/,
    );
  });
});
