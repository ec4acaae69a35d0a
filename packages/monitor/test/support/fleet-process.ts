// A node of a fleet as a process of its own: node --conditions=@serial-oe/source --import tsx fleet-process.ts URL ACK_WAIT_SECONDS
// Tells its partitions and the sensors that it scored, a JSON line each, until SIGTERM.
import { FleetNode, openFleet } from '../../src/nats';
import { FLEET, fleetScorer } from './fleet-sounds';

const [servers = '', ackWaitSeconds = ''] = process.argv.slice(2);
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const fleet = await openFleet({ servers, ackWaitSeconds: Number(ackWaitSeconds), ...FLEET });
const node = new FleetNode(fleet, {
  sensorOptions: () => ({ scorer: fleetScorer(), hopSeconds: 0.5, alarm: { onDelay: 1, offDelay: 1 } }),
  onEvent: ({ kind, name }) => kind === 'score' && tell({ scored: name.sensor }),
  onMessage: (message) => process.stderr.write(`${message}\n`),
});
await node.start();
let before = '';
const timer = setInterval(() => {
  const partitions = node.partitions.join();
  if (partitions !== before) tell({ partitions: node.partitions });
  before = partitions;
}, 50);
process.once('SIGTERM', async () => {
  clearInterval(timer);
  await node.stop();
  await fleet.close();
});
