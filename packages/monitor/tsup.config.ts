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
  shims: true, // import.meta.url in CommonJS, by which a thread finds the client of NATS
  splitting: true, // the entries share their error classes, in CommonJS too
});
