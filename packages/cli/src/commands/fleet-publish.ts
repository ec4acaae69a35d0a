import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, integerFlag, numberFlag, required, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { QUIET } from '../flags/shared-flags';

const flags = {
  server: required(textFlag('URL', 'A NATS server with JetStream: nats://host:4222.')),
  source: required(
    textFlag(
      'SOURCE',
      'arecord or arecord:DEVICE, stdin (16 bit PCM, mono), a file, or an address for ffmpeg such as rtsp://camera/stream.',
    ),
  ),
  sampleRate: integerFlag('HZ', 'Rate of stdin, or to record at; default 16000.', { min: 1 }),
  site: textFlag('NAME', 'First part of the subject; default site.'),
  asset: required(textFlag('NAME', 'The second, what is listened to.')),
  sensor: required(textFlag('NAME', 'The third, the microphone.')),
  machineId: textFlag('ID', 'The machine, where the nodes shall not find it by their configuration.'),
  encoding: choiceFlag(
    ['s16le', 'f32le'],
    'How samples travel: 16 bit (default) or 32 bit floating point, twice as large.',
  ),
  maxWaiting: numberFlag(
    'S',
    'Sound that waits while the server is away; default 60. Of more, the oldest goes.',
    {
      min: 1,
    },
  ),
  base: textFlag('NAME', 'Of the fleet; default serial-oe.'),
  audio: textFlag('NAME', 'First part of the subjects of sound; default audio.'),
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'fleet publish',
  summary: 'sends the sound of a microphone to a fleet',
  usage: '--server URL --source SOURCE --asset NAME --sensor NAME [flags]',
  examples: [
    [
      'serial-oe fleet publish --server nats://hub --source arecord:hw:1 --site plant --asset pump-3 --sensor mic-1',
      'beside a microphone, until it is stopped',
    ],
  ],
  flags,
  notes: [
    'One process a microphone. Each piece is sent until the server has confirmed it. A source that breaks off is started again, ever later. ' +
      'When it is told to stop, what waits is sent and the exit code is 0.',
  ],
  stopping: 'stopping: what waits is sent',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal }: CommandContext<typeof flags>): Promise<number> {
  const { sourceOf } = await import('../monitor/read-settings');
  const { openSource } = await import('../monitor/sensor-plan');
  const { checkSource } = await import('../monitor/load-sensors');
  const { loadFleet } = await import('../fleet/run-node');
  const { publishSound } = await import('../fleet/publish-sound');
  const described = sourceOf(args.source, args.sampleRate);
  const settings = { pathOf: (path: string) => path };
  const problems: string[] = [];
  await checkSource({ source: described }, { settings, problems, where: 'serial-oe fleet publish' });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  const { openFleet, publishAudio } = await loadFleet('fleet publish');
  const { server: servers, base, audio, site = 'site', asset, sensor, machineId = '', encoding } = args;
  const name = { site, asset, sensor, machineId };
  const onMessage = (message: string) => progress.message(message);
  const fleet = await openFleet({ servers, base, audio });
  try {
    onMessage(`sending ${args.source} as ${site}/${asset}/${sensor}`);
    const { nPieces, nDropped } = await publishSound({
      ...{ fleet, publishAudio, name, source: openSource(described, settings), encoding, signal, onMessage },
      maxWaitingSeconds: args.maxWaiting,
    });
    onMessage(`${nPieces} pieces sent, ${nDropped} dropped`);
    return EXIT.done;
  } finally {
    await fleet.close();
  }
}
