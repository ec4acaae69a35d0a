import { resolveConfig } from '@serial-oe/serial-oe';
import { systemSetups } from '../src/paper/system-setups';
import { SYSTEM_NAMES } from '../src/system-table';
import { systems } from '../src/systems';

const nothing = { systemConfigs: {}, nEpochs: undefined, batchSize: undefined };

/** What each system would be trained by. */
function configsOf(...args: Parameters<typeof systemSetups>): Record<string, Record<string, unknown>> {
  const setups = systemSetups(...args);
  return Object.fromEntries(
    systems.map(({ name, resolveConfig: resolve }) => {
      const { preset, config = {} } = setups[name]!;
      return [name, resolve(preset, config) as Record<string, unknown>];
    }),
  );
}

describe('systems that are compared', () => {
  it('have as many epochs and as large batches as are asked for, where they have a network', () => {
    const config = resolveConfig('quick', {
      optimization: { nEpochs: 3 },
      batch: { nNormal: 4, nOutliers: 4 },
    });
    const configs = configsOf(config, undefined, { ...nothing, nEpochs: 3, batchSize: 8 });
    expect(Object.keys(configs).sort()).toEqual([...SYSTEM_NAMES].sort());
    const { ensemble, 'serial-oe': own, ...others } = configs;
    expect(own).toMatchObject({ optimization: { nEpochs: 3 }, batch: { nNormal: 4 } });
    expect((ensemble!.members as Record<string, object>)['serial-oe']).toMatchObject({
      optimization: { nEpochs: 3 },
      batch: { nNormal: 4 },
    });
    const networks = Object.entries(others).filter(([, each]) => 'optimization' in each);
    expect(networks.map(([name]) => name).sort()).toEqual([
      ...['autoencoder', 'clp-scf', 'ddcsad-style', 'noisy-arcmix', 'scadacos', 'ssc'],
      ...['stgram-mfn', 'sw-wavenet'],
    ]);
    for (const [, each] of networks) {
      expect(each).toMatchObject({ optimization: { nEpochs: 3 }, batch: { size: 8 } });
    }
  });

  it('keep their own constants where nothing is asked, and the published ones beside the paper', () => {
    const quick = configsOf(resolveConfig('quick', {}), undefined, nothing);
    const paper = configsOf(resolveConfig('paper', {}), undefined, nothing);
    for (const { name, resolveConfig: resolve } of systems) {
      if (name === 'serial-oe' || name === 'ensemble') continue;
      expect(quick[name]).toEqual(resolve(undefined, {}));
      const hasPreset = 'optimization' in quick[name]!;
      expect(paper[name]).toEqual(resolve(hasPreset ? 'paper' : undefined, {}));
    }
    expect((paper.ensemble!.members as Record<string, object>)['serial-oe']).toEqual(
      resolveConfig('paper', {}),
    );
  });

  it('take fields of their own; a flag goes before the file', () => {
    const systemConfigs = {
      scadacos: { optimization: { nEpochs: 7 }, loss: { nSubClusters: 4 } },
      'mel-statistics': { statistics: 'mean' },
      ensemble: { fusion: 'min' },
    };
    const of = (nEpochs: number | undefined) =>
      configsOf(resolveConfig('quick', {}), undefined, { ...nothing, systemConfigs, nEpochs });
    expect(of(undefined).scadacos).toMatchObject({
      optimization: { nEpochs: 7 },
      loss: { nSubClusters: 4 },
    });
    expect(of(2).scadacos).toMatchObject({ optimization: { nEpochs: 2 }, loss: { nSubClusters: 4 } });
    expect(of(2)['mel-statistics']).toMatchObject({ statistics: 'mean' });
    expect(of(2).ensemble).toMatchObject({ fusion: 'min' });
  });

  it('start from the same weights as Serial-OE where they have its network', () => {
    const startFrom = { 'pretrained.safetensors': 'b0.safetensors' };
    const setups = systemSetups(resolveConfig('quick', {}), startFrom, nothing);
    const started = Object.entries(setups).filter(([, setup]) => setup.startFrom !== undefined);
    expect(started).toEqual([
      ['ensemble', expect.objectContaining({ startFrom })],
      ['serial-oe', expect.objectContaining({ startFrom })],
    ]);
  });

  it.each<[object, RegExp]>([
    [{ 'serial-oe': {} }, /the fields of serial-oe stand at the top of the file/],
    [{ scadacoss: {} }, /"systems" must name systems \(ensemble, .*\), got "scadacoss"/],
    [{ scadacos: 3 }, /must hold an object of fields for scadacos, such as .*, got 3/],
    [{ scadacos: { optimisation: {} } }, /optimization/],
  ])('refuse %j', (systemConfigs, message) => {
    const others = { ...nothing, systemConfigs: systemConfigs as Record<string, object> };
    expect(() => systemSetups(resolveConfig('quick', {}), undefined, others)).toThrow(message);
  });
});
