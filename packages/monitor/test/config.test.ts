import {
  checkMonitorConfig,
  MonitorConfigError,
  readFleetConfig,
  readMonitorConfig,
  ruleFor,
} from '../src/config';

const GOOD = `
site: plant
models:
  fan: ./fan-model
sensors:
  - asset: fan-3
    sensor: mic-1
    machineId: 00
    model: fan
    source:
      arecord: { device: 'hw:1', channels: 2, channel: 1 }
    alarm: { onDelay: 20 }
  - asset: fan-4
    sensor: camera
    model: fan
    source: { ffmpeg: { input: 'rtsp://camera/stream' } }
windowSeconds: 10
alarm: { offDelay: 60, reAlarmTime: 3600 }
sinks:
  mqtt: { url: 'mqtt://localhost', username: monitor, password: '\${MQTT_PASSWORD}' }
  nats: { servers: ['nats://one', 'tls://two:4222'], base: fans }
  prometheus:
  jsonLines: stdout
stateFile: state.json
clips: { folder: events, maxAgeDays: 90, maxDiskShare: 0.1 }
`;
const ENV = { MQTT_PASSWORD: 'secret' };

const problemsOf = (text: string, env: Record<string, string> = ENV) => {
  try {
    readMonitorConfig(text, { file: 'monitor.yaml', env });
  } catch (error) {
    if (error instanceof MonitorConfigError) return error.problems;
    throw error;
  }
  return [];
};
const changed = (from: string | RegExp, to: string) => {
  const text = GOOD.replace(from, to);
  expect(text).not.toBe(GOOD);
  return problemsOf(text);
};

describe('readMonitorConfig', () => {
  it('reads all fields; names that look like numbers stay texts, passwords come from the environment', () => {
    const config = readMonitorConfig(GOOD, { file: 'monitor.yaml', env: ENV });
    expect(config).toMatchObject({
      site: 'plant',
      sensors: [
        { machineId: '00', source: { arecord: { device: 'hw:1', channel: 1 } } },
        { sensor: 'camera' },
      ],
      sinks: {
        mqtt: { password: 'secret' },
        nats: { servers: ['nats://one', 'tls://two:4222'] },
        prometheus: null,
        jsonLines: 'stdout',
      },
    });
  });

  it('reads JSON as well', () => {
    const config = readMonitorConfig(GOOD, { file: 'monitor.yaml', env: ENV });
    expect(readMonitorConfig(JSON.stringify(config), { file: 'monitor.json' })).toEqual(config);
  });

  it.each([
    [/ {2}mqtt:/, '  mqttt:', /^monitor\.yaml:20: sinks\.mqttt is unknown\. Did you mean mqtt\?$/],
    [
      'onDelay',
      'ondelai',
      /^monitor\.yaml:12: sensors\[0\]\.alarm\.ondelai is unknown\. Did you mean onDelay\?$/,
    ],
    [
      'onDelay: 20',
      'onDelay: -1',
      /^monitor\.yaml:12: sensors\[0\]\.alarm\.onDelay must be .*at least 0, seconds, got -1\.$/,
    ],
    [
      '    model: fan\n    source:\n',
      '    source:\n',
      /^monitor\.yaml:6: sensors\[0\]\.model is missing\. It must be a name of models\.$/,
    ],
    [
      'arecord:',
      'arecrod:',
      /^monitor\.yaml:11: sensors\[0\]\.source\.arecrod is unknown\. Did you mean arecord\?$/,
    ],
    ['channel: 1', 'chanel: 1', /sensors\[0\]\.source\.arecord\.chanel is unknown\. Did you mean channel\?$/],
    [
      'channel: 1',
      'channel: 2',
      /sensors\[0\]\.source\.arecord\.channel must be below channels \(2\), counted from 0, got 2\.$/,
    ],
    ['asset: fan-3', 'asset: fan/3', /sensors\[0\]\.asset must be a name without \/ \+ # .*got 'fan\/3'\.$/],
    [
      '    model: fan\n    source: {',
      '    model: fam\n    source: {',
      /^monitor\.yaml:15: sensors\[1\]\.model must be one of fan, got 'fam'\. Did you mean fan\?$/,
    ],
    [
      'asset: fan-4\n    sensor: camera',
      'asset: fan-3\n    sensor: mic-1',
      /sensors\[1\] must have a name of its own, got fan-3\/mic-1/,
    ],
    [
      "source: { ffmpeg: { input: 'rtsp://camera/stream' } }",
      'source: {}',
      /sensors\[1\]\.source must be an object with one of arecord, ffmpeg, command, stdin, file, got an object\.$/,
    ],
    [
      "ffmpeg: { input: 'rtsp://camera/stream' }",
      'file: a.wav, stdin: { sampleRate: 1 }',
      /sensors\[1\]\.source must be an object with one of/,
    ],
    [
      "'mqtt://localhost'",
      "'localhost'",
      /^monitor\.yaml:20: sinks\.mqtt\.url must be an address such as mqtt:.*got 'localhost'\.$/,
    ],
    [
      "['nats://one', 'tls://two:4222']",
      'one',
      /^monitor\.yaml:21: sinks\.nats\.servers must be an address such as nats:.* or a list .*got 'one'\.$/,
    ],
    [
      "['nats://one', 'tls://two:4222']",
      '[]',
      /^monitor\.yaml:21: sinks\.nats\.servers must be an address such as nats:/,
    ],
    [
      'asset: fan-3',
      'asset: fan.3',
      /^monitor\.yaml:6: sensors\[0\]\.asset must be a name without \. \* > .* since sinks\.nats .*got 'fan\.3'\.$/,
    ],
    ['base: fans', 'base: a.b', /sinks\.nats\.base must be a name without \. \* > /],
    ['site: plant', '', /site is missing\. It must be a name/],
    ['site: plant', 'site: [plant', /^monitor\.yaml:\d+: must be YAML or JSON: /],
    [
      'site: plant',
      'site: plant\nsite: plant',
      /^monitor\.yaml:\d+: must be YAML or JSON: Map keys must be unique/,
    ],
    ['jsonLines: stdout', 'jsonLines: true', /sinks\.jsonLines must be one of 'stdout', got true\.$/],
    [
      'maxDiskShare: 0.1',
      'maxDiskShare: 10',
      /clips\.maxDiskShare must be a number above 0 and at most 1, got 10\.$/,
    ],
  ])('%#: a mistake is told with file, line, path and remedy', (from, to, message) => {
    expect(changed(from, to)).toEqual([expect.stringMatching(message)]);
  });

  it('tells every problem, a line each', () => {
    const text = GOOD.replace('onDelay', 'ondelay')
      .replace('jsonLines: stdout', 'jsonLines: 3')
      .replace('site: plant', '');
    expect(problemsOf(text)).toHaveLength(3);
  });

  it('refuses variables that are not set, and shows no value of those that are', () => {
    expect(problemsOf(GOOD, {})).toEqual([
      expect.stringMatching(
        /^monitor\.yaml:20: sinks\.mqtt\.password needs the environment variable MQTT_PASSWORD, which is not set\. Set it/,
      ),
    ]);
    const [problem] = problemsOf(GOOD.replace("'mqtt://localhost'", `'\${MQTT_PASSWORD}'`));
    expect(problem).toMatch(/sinks\.mqtt\.url must be .*got '\$\{MQTT_PASSWORD\}'\.$/);
    expect(problem).not.toContain('secret');
  });

  it('takes one standard input for one sensor', () => {
    const stdin = '{ stdin: { sampleRate: 16000 } }';
    const text = GOOD.replace(/source:\n.*\n/, `source: ${stdin}\n`).replace(
      /source: \{ ffmpeg.*\n/,
      `source: ${stdin}\n`,
    );
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/sensors\[1\]\.source cannot be stdin too, which sensors\[0\] reads/),
    ]);
  });

  it.each([null, 'text', 3])('%j is no configuration', (config) => {
    expect(() => checkMonitorConfig(config, { file: 'a.yaml' })).toThrow(
      /^a\.yaml: the configuration must be an object with fields of site, models, sensors/,
    );
  });
});

describe('readFleetConfig', () => {
  const FLEET = `
nats: { servers: 'nats://hub', nPartitions: 64 }
models: { fan: ./fan-model, pump: ./pump-model }
sensors:
  - { site: plant, asset: 'fan-?', sensor: mic-1, machineId: 00, model: fan }
  - { asset: 'fan-*', model: fan, hopSeconds: 2 }
  - { asset: '*pump*', sensor: 'mic-*', model: pump, alarm: { onDelay: 20 } }
sinks: { prometheus: }
`;
  const problems = (from: string, to: string) => {
    try {
      readFleetConfig(FLEET.replace(from, to), { file: 'fleet.yaml' });
    } catch (error) {
      return (error as MonitorConfigError).problems;
    }
    return [];
  };

  it('finds the first rule that fits, in which * alone is special', () => {
    const { sensors } = readFleetConfig(FLEET, { file: 'fleet.yaml' });
    expect(sensors[0]!.machineId).toBe('00');
    const rule = (site: string, asset: string, sensor: string) =>
      sensors.indexOf(ruleFor(sensors, { site, asset, sensor })!);
    expect(rule('plant', 'fan-?', 'mic-1')).toBe(0);
    expect(rule('plant', 'fan-3', 'mic-1')).toBe(1);
    expect(rule('mill', 'big-pump-3', 'mic-7')).toBe(2);
    expect(rule('mill', 'pump', 'camera')).toBe(-1);
    expect(rule('mill', 'my-fan-3', 'mic-1')).toBe(-1);
  });

  it.each([
    ["servers: 'nats://hub'", "servers: 'hub'", /^fleet\.yaml:2: nats\.servers must be an address/],
    [
      'nPartitions: 64',
      'nPartitons: 64',
      /^fleet\.yaml:2: nats\.nPartitons is unknown\. Did you mean nPartitions\?$/,
    ],
    [
      'model: pump',
      'model: pum',
      /^fleet\.yaml:7: sensors\[2\]\.model must be one of fan, pump, got 'pum'\. Did you mean pump\?$/,
    ],
    ['prometheus: }', 'mqtt: }', /^fleet\.yaml:8: sinks\.mqtt is unknown\./],
  ])('%#: a mistake is told with file, line, path and remedy', (from, to, message) => {
    expect(problems(from, to)).toEqual([expect.stringMatching(message)]);
  });
});
