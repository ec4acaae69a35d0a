import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_FILE } from '@serial-oe/baselines';
import { BundleError, ENSEMBLE_FILE } from '@serial-oe/runtime/contract';
import { MANIFEST_FILE } from '@serial-oe/serial-oe';
import { ensembleSystem } from '../src/ensemble-system';
import { findModel, MODEL_MARKS } from '../src/model/find-model';
import { loadSystem, SYSTEM_NAMES } from '../src/system-table';
import { systems } from '../src/systems';

it('models are known by the files that the systems write', () => {
  expect(MODEL_MARKS).toEqual([ENSEMBLE_FILE, MANIFEST_FILE, MODEL_FILE]);
});

it('the table of systems and the list for experiments are the same, by name', async () => {
  expect(systems.map(({ name }) => name)).toEqual(SYSTEM_NAMES);
  expect(await Promise.all(SYSTEM_NAMES.map(loadSystem))).toEqual(systems);
  const { members } = ensembleSystem.resolveConfig(undefined, {});
  expect(SYSTEM_NAMES).toEqual(expect.arrayContaining(Object.keys(members)));
});

describe('what is no model', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-find-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each<[string, Record<string, string>, RegExp]>([
    ['an empty folder', {}, /must hold a model, which has ensemble\.json or manifest\.json or model\.json/],
    ['an ensemble that is no JSON', { 'ensemble.json': '{' }, /ensemble\.json must be JSON/],
    ['an ensemble of nothing', { 'ensemble.json': '{}' }, /must be a serial-oe-ensemble/],
    ['a baseline that is no JSON', { 'model.json': '{' }, /model\.json of .* must be JSON/],
    ['a model of tfjs', { 'model.json': '{"format":"layers-model"}' }, /must be of one of the systems/],
    [
      'a system of another release',
      { 'model.json': '{"content":{"system":"of-tomorrow"}}' },
      /must be of one of the systems serial-oe, .*, got "of-tomorrow"/,
    ],
    [
      'an ensemble without its own file',
      { 'manifest.json': '{}', 'mel-statistics.model.json': '{}' },
      /must hold ensemble\.json, which belongs to mel-statistics\.model\.json/,
    ],
  ])('%s is refused by name', async (_, files, message) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const error: unknown = await findModel(folder).catch((caught) => caught);
    expect(error).toBeInstanceOf(BundleError);
    expect((error as Error).message).toMatch(message);
  });

  it('a network alone is one', async () => {
    writeFileSync(join(folder, 'manifest.json'), '{}');
    expect(await findModel(folder)).toMatchObject({ system: 'serial-oe', systems: ['serial-oe'] });
  });
});
