# The command serial-oe, built from this repository:
#   docker build --tag serial-oe .
#   docker run --rm --init --volume "$PWD:/data" serial-oe train --data recordings --machine-type pump --out pump-model

FROM node:20-slim AS build
WORKDIR /src
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY . .
RUN npm run pack:all -- --out /tarballs

FROM node:20-slim AS install
COPY --from=build /tarballs /tarballs
WORKDIR /opt/serial-oe
# The WASM backend, and what the monitor's MQTT, NATS and Prometheus sinks and fleets need.
RUN npm install --no-audit --no-fund /tarballs/serial-oe-*.tgz \
    @tensorflow/tfjs-core@4 @tensorflow/tfjs-backend-wasm@4 mqtt@5 prom-client@15 \
    @nats-io/transport-node@3 @nats-io/jetstream@3 @nats-io/kv@3

FROM node:20-slim
COPY --from=install /opt/serial-oe /opt/serial-oe
ENV PATH=/opt/serial-oe/node_modules/.bin:$PATH
RUN mkdir /data && chown node:node /data
USER node
# Recordings, models and reports: paths on the command line are relative to it.
WORKDIR /data
VOLUME /data
ENTRYPOINT ["serial-oe"]
CMD ["--help"]
