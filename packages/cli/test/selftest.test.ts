import type { MachineResult, SelftestResult } from '@serial-oe/experiments';
import { main } from '../src/main';
import { selftestReport } from '../src/selftest/selftest-report';
import { selftestText } from '../src/selftest/selftest-text';
import { recorder } from './support/recorder';

const machine = (smallest: number | null): MachineResult => ({
  ...{ machineId: '00', nTrain: 8, nHeldOut: 4, nFalseAlarms: 1, threshold: 3 },
  calibration: { falseAlarmRate: 1 / 8640, clipsADay: 8640, nClips: 8, method: 'extrapolated' },
  faults: [
    {
      ...{ kind: 'bearingImpacts', smallestFoundDb: smallest },
      severities: [
        { severityDb: -40, nFound: 0, nClips: 4 },
        { severityDb: -10, nFound: 4, nClips: 4 },
      ],
    },
  ],
});
const RESULT: SelftestResult = {
  ...{
    machineType: 'fan',
    falseAlarmRate: null,
    foundShare: 0.9,
    severitiesDb: [-40, -10],
    kinds: ['bearingImpacts'],
  },
  systems: [
    { system: 'mel-statistics', machines: [machine(-10)], failure: null },
    { system: 'level', machines: [machine(null)], failure: null },
    { system: 'serial-oe', machines: [], failure: 'too few types.' },
  ],
};

it('tells the smallest fault found, the false alarms and what could not be trained', () => {
  const text = selftestText(RESULT);
  expect(text).toMatch(
    /fan 00, at one false alarm a day \(1 in 8640 clips\): 8 normal clips to learn from, 4 held out/,
  );
  expect(text).toMatch(/smallest fault found +mel-statistics +level/);
  expect(text).toMatch(/bearing impacts +-10 dB +not found/);
  expect(text).toMatch(/false alarms, held-out clips +1 of 4 +1 of 4/);
  expect(text).toMatch(/threshold +extrapolated +extrapolated/);
  expect(text).toMatch(/8 normal clips cannot show a rate of 1 in 8640/);
  expect(text).toMatch(/serial-oe could not be trained: too few types/);
});

it('tells a rate that was asked for, and what its threshold rests on', () => {
  const counted = machine(-10);
  counted.calibration = { falseAlarmRate: 0.05, clipsADay: 8640, nClips: 75, method: 'counted' };
  const systems = [{ system: 'level', machines: [counted], failure: null }];
  const text = selftestText({ ...RESULT, falseAlarmRate: 0.05, systems });
  expect(text).toMatch(/fan 00, at 5 % false alarms \(430 a day of 8640 clips\)/);
  expect(text).toMatch(/Threshold "counted": as many of the normal clips/);
  expect(text).not.toMatch(/extrapolated/);
});

it('makes a page with a plot a system', () => {
  const html = selftestReport(RESULT, { dataset: 'hall 3' });
  expect(html).toMatch(/^<!DOCTYPE html>/);
  expect(html.match(/<svg/g)).toHaveLength(2);
  expect(html).toContain('bearing impacts');
  expect(html).toContain('too few types.');
});

it.each([
  [
    ['--system', 'melstatistics'],
    /--system must be of ensemble, serial-oe, mel-statistics, modulation-statistics, twfr-gmm, level, autoencoder, .*, got "melstatistics"/,
  ],
  [['--severities', '-40,loud'], /--severities must be numbers between commas, got "loud"/],
  [['--false-alarm-rate', '-1'], /--false-alarm-rate must be a share between 0 and 1/],
  [['--false-alarm-rate', '2/day'], /--clips-a-day is needed with a rate/],
  [['--clips-a-day', '1'], /--clips-a-day must be at least 2, got 1/],
  [['--max-clips', '0'], /--max-clips must be an integer of at least 1/],
])('refuses %j', async (flags, message) => {
  const terminal = recorder();
  expect(await main(['selftest', '--data', 'nowhere', '--machine-type', 'fan', ...flags], terminal)).toBe(2);
  expect(terminal.stderr).toMatch(message);
});
