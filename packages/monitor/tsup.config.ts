import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: {
    config: 'src/config.ts',
    index: 'src/index.ts',
    mqtt: 'src/mqtt.ts',
    nats: 'src/nats.ts',
    node: 'src/node.ts',
    prometheus: 'src/prometheus.ts',
  },
  splitting: true, // the entries share their error classes, in CommonJS too
});
