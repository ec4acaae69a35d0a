import { hidePassword } from '../src/index';

it.each([
  ['nats://me:secret@host:4222', 'nats://me:***@host:4222'],
  ['nats://token@host', 'nats://***@host'],
  ['redis://:se:cr@et@host/0', 'redis://:***@host/0'],
  ['nats://a:b@one, nats://c:d@two', 'nats://a:***@one, nats://c:***@two'],
  ['rtsp://camera:554/channel@1?x=a@b', 'rtsp://camera:554/channel@1?x=a@b'],
  ['hw:1', 'hw:1'],
])('%s is told as %s', (address, told) => {
  expect(hidePassword(address)).toBe(told);
});
