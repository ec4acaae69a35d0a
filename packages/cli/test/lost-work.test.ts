import { EventEmitter } from 'node:events';
import { type EndingProcess, refuseSilentEnd } from '../src/terminal/lost-work';

function ending(work: Promise<unknown>) {
  const process: EventEmitter & EndingProcess = new EventEmitter();
  const told: string[] = [];
  refuseSilentEnd(work, { process, tell: (text) => told.push(text) });
  return { process, told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a process that runs out of work', () => {
  it('fails and says so where its command has not ended', async () => {
    const { process, told } = ending(new Promise(() => {}));
    await settled();
    process.emit('beforeExit');
    expect(process.exitCode).toBe(1);
    expect(told.join('')).toMatch(/must end with a result, got none: .* Try again/);
  });

  it.each([0, 1, 130])('keeps the code %p of a command that has', async (code) => {
    const { process, told } = ending(Promise.resolve());
    process.exitCode = code;
    await settled();
    process.emit('beforeExit');
    expect(process.exitCode).toBe(code);
    expect(told).toEqual([]);
  });

  it('leaves an error that nobody caught to Node', async () => {
    const { process, told } = ending(Promise.reject(new Error('a bug')));
    await settled();
    process.emit('beforeExit');
    expect([process.exitCode, told]).toEqual([undefined, []]);
  });
});
