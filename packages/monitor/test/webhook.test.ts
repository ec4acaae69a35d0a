import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jsonLinesSink, type WebhookSinkOptions, webhookSink } from '../src/index';
import { alarmEvent, hearingEvent, scoreEvent } from './support/events';

/** A receiver that answers with these statuses in turn, then with 200. */
async function withReceiver(
  statuses: number[],
  test: (url: string, bodies: { kind: string }[]) => Promise<void>,
): Promise<void> {
  const bodies: { kind: string }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const bytes of request) text += bytes;
    const status = statuses.shift() ?? 200;
    if (status === 200) bodies.push({ ...JSON.parse(text), authorization: request.headers.authorization });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const closed = async (options: WebhookSinkOptions, events = [scoreEvent(), alarmEvent(), hearingEvent()]) => {
  const sink = webhookSink(options);
  for (const event of events) sink.publish(event);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await sink.close();
};

describe('webhookSink', () => {
  it('posts events in order, but no scores', () =>
    withReceiver([], async (url, bodies) => {
      await closed({ url, headers: { authorization: 'Bearer a' } });
      expect(bodies).toEqual([
        { ...alarmEvent(), authorization: 'Bearer a' },
        { ...hearingEvent(), authorization: 'Bearer a' },
      ]);
    }));

  it(
    'tries again what was not taken',
    () =>
      withReceiver([503, 500], async (url, bodies) => {
        const said: string[] = [];
        const sink = webhookSink({ url, onMessage: (text) => said.push(text) });
        sink.publish(alarmEvent());
        sink.publish(hearingEvent());
        for (let i = 0; i < 200 && bodies.length < 2; i++)
          await new Promise((resolve) => setTimeout(resolve, 50));
        await sink.close();
        expect(bodies.map(({ kind }) => kind)).toEqual(['alarm', 'hearing']);
        expect(said).toEqual([
          expect.stringContaining('answered 503'),
          expect.stringContaining('answered 500'),
        ]);
      }),
    20_000,
  );

  it('drops the oldest where nobody takes them, and says so', async () => {
    const said: string[] = [];
    const url = 'http://127.0.0.1:9';
    await closed({ url, maxWaiting: 2, onMessage: (text) => said.push(text) }, Array(5).fill(alarmEvent()));
    expect(said.some((text) => text.includes('the oldest was dropped'))).toBe(true);
    expect(said.some((text) => /fetch failed/.test(text))).toBe(true);
  });

  it('refuses addresses that are none', () => {
    expect(() => webhookSink({ url: 'ftp://a' })).toThrow(/url must be an address/);
    expect(() => webhookSink({ url: 'http://' })).toThrow(/url must be an address/);
  });
});

describe('jsonLinesSink', () => {
  it('writes a line an event', () => {
    let text = '';
    const sink = jsonLinesSink((line) => {
      text += line;
    });
    sink.publish(scoreEvent());
    sink.publish(alarmEvent());
    expect(
      text
        .split('\n')
        .slice(0, 2)
        .map((line) => JSON.parse(line)),
    ).toEqual([scoreEvent(), alarmEvent()]);
  });
});
