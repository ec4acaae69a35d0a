import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';

const SCRIPT = join(__dirname, '..', 'bin', 'build-tfjs-node.mjs');
const canBuild = process.platform === 'linux' && Number.parseInt(process.versions.node, 10) < 23;
const describeWhereItBuilds = canBuild ? describe : describe.skip;

describe('serial-oe-build-tfjs-node', () => {
  let folder: string;

  function run(args: string[], path = process.env.PATH) {
    const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: path } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], options);
    return { status, stdout, stderr };
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-build-'));
    mkdirSync(join(folder, 'project', 'node_modules', '@tensorflow', 'tfjs-node'), { recursive: true });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [[], /^error: one FOLDER is needed, got 0\.\n\nUsage:/],
    [['a', 'b'], /one FOLDER is needed, got 2/],
    [['--wheels', 'x', 'a'], /Unknown option '--wheels'/],
    [['new', '--wheel', 'none.whl'], /--wheel must name a file, got .*none\.whl, which is not there/],
  ])('%j fails with a message', (args, message) => {
    const { status, stderr } = run(args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /); // no stack trace
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  describeWhereItBuilds('on Linux, with Node 22 or earlier', () => {
    it('says which tool is missing', () => {
      const { status, stderr } = run(['project'], folder);
      expect(status).toBe(1);
      expect(stderr).toMatch(/g\+\+ must be there, and is not: install it, .* "apt install g\+\+"/);
    });

    it('says what a wheel lacks', () => {
      const header = new Uint8Array(1);
      const files = {
        'tensorflow/include/tensorflow/c/eager/c_api.h': header,
        'tensorflow/libtensorflow_framework.so.2': header,
      };
      writeFileSync(join(folder, 'other.whl'), zipSync(files));
      const { status, stderr } = run(['project', '--wheel', 'other.whl']);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /must hold TensorFlow's C library, but lacks lib\/libtensorflow_cc\.so\.2\. tensorflow-cpu==2\.12\.0 is known/,
      );
    });
  });
});
