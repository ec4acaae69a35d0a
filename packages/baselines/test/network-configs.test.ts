import { SMALL_SYSTEMS } from './support/small-systems';

describe.each(SMALL_SYSTEMS.map(({ system }) => [system.name, system] as const))('%s', (_, system) => {
  it('resolves its configuration, which resolved again is the same; presets are told', () => {
    for (const preset of [undefined, 'quick', 'paper']) {
      const config = system.resolveConfig(preset, {});
      expect(config.preset).toBe(preset ?? 'quick');
      expect(system.resolveConfig(undefined, JSON.parse(JSON.stringify(config)))).toEqual(config);
      expect(config.seed).toBe(0);
    }
    expect(() => system.resolveConfig('fast', {})).toThrow(/preset must be one of 'quick', 'paper'/);
    expect(() => system.resolveConfig(undefined, { optimization: { nEpoch: 1 } })).toThrow(/nEpochs/);
    const fields = system.describeConfig();
    expect(fields.map(({ path }) => path)).toContain('optimization.nEpochs');
    expect(fields.every(({ help }) => help.length > 0)).toBe(true);
  });
});
