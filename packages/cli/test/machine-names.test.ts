import { sensorOptions } from '../src/fleet/sensor-rules';
import type { LoadedModel } from '../src/model/loaded-model';
import { clipsAsCalled, machineNamed, typeToTell } from '../src/model/machine-names';

const ALL = { machineType: 'all', machineIds: ['fan/00', 'fan/M-1', 'pump/00'] };
const FANS = { machineType: 'fan', machineIds: ['00', '02'] };
const clip = (machineType: string, machineId: string) =>
  ({ path: 'x.wav', machineType, machineId, label: 'normal', split: 'test' }) as const;

it('a machine is found however it is spelt, of several types by its type and ID', () => {
  expect(['0', 'id_02', '00', '07'].map((name) => machineNamed(FANS, name))).toEqual([
    ...['00', '02', '00', undefined],
  ]);
  const names = ['fan/0', 'pump/id_00', 'fan/M-1', '00', 'fan', 'valve/00', 'pump/M-1'];
  expect(names.map((name) => machineNamed(ALL, name))).toEqual([
    ...['fan/00', 'pump/00', 'fan/M-1', undefined, undefined, undefined, undefined],
  ]);
});

it('clips are called as the model calls their machines', () => {
  const clips = [clip('fan', '0'), clip('fan', '09'), clip('valve', '00')];
  expect(clipsAsCalled(FANS, clips)).toEqual(clips);
  expect(clipsAsCalled(ALL, clips).map(({ machineType, machineId }) => [machineType, machineId])).toEqual([
    ['all', 'fan/00'],
    ['all', 'fan/09'], // which it does not know, and evaluations say so
    ['valve', '00'],
  ]);
  expect([typeToTell('fan'), typeToTell('all')]).toEqual(['fan', undefined]);
});

it('a sensor of a fleet is scored by the whole name, and the scorer is told no type beside', () => {
  const model = { ...ALL, usesMachineIds: true, scorer: {} } as unknown as LoadedModel;
  const told: string[] = [];
  const options = sensorOptions(
    {
      settings: {
        ...{ file: 'fleet.yaml', pathOf: (path: string) => path },
        config: { nats: { servers: 'nats://x' }, models: { m: 'm' }, sensors: [{ model: 'm' }] },
      } as unknown as Parameters<typeof sensorOptions>[0]['settings'],
      models: new Map([['m', model]]),
    },
    (message) => told.push(message),
  );
  const name = { site: 'plant', asset: 'a', sensor: 's' };
  expect(options({ ...name, machineId: 'pump/0' })).toMatchObject({
    machineId: 'pump/00',
    machineType: undefined,
  });
  expect(options({ ...name, machineId: '00' })).toBeNull();
  expect(told.join()).toMatch(/knows \(fan\/00, fan\/M-1, pump\/00\), got 00/);
});
