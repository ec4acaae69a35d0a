import { BackendError } from '../../errors';
import { load } from './load-package';

/** As far as it is used here; TypeScript's own types of WebGPU are not in every version that users have. */
interface Gpu {
  requestAdapter(): Promise<object | null>;
}

/** The npm package of Dawn, Chromium's WebGPU. */
interface Dawn {
  create(flags: string[]): Gpu;
  globals: Record<string, unknown>;
}

/**
 * Registers tfjs's WebGPU backend in Node, which has no WebGPU of its own: the npm package `webgpu` provides it, and has
 * to be there before the backend is imported.
 * @throws BackendError with the command that mends it, where a package or a device is missing
 */
export async function startWebGpu(): Promise<void> {
  const gpu = currentGpu() ?? (await installDawn());
  if ((await gpu.requestAdapter()) === null) throw new BackendError(NO_ADAPTER);
  await load('@tensorflow/tfjs-backend-webgpu');
}

const NO_ADAPTER =
  'serial-oe: backend webgpu needs a GPU with a driver for Vulkan, Metal or Direct3D 12, got none. Install the driver ' +
  '("vulkaninfo --summary" lists what Vulkan finds on Linux). Without a GPU, Mesa 25 or later computes on the CPU, slowly: ' +
  '"apt-get install mesa-vulkan-drivers" (Debian 12: "-t bookworm-backports"), and if it is not found, ' +
  '"export VK_DRIVER_FILES=/usr/share/vulkan/icd.d/lvp_icd.json". Or pass --backend wasm.';

/** Node 20 has no navigator, later ones have one without gpu. */
function currentGpu(): Gpu | undefined {
  return (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
}

async function installDawn(): Promise<Gpu> {
  const dawn = (await load('webgpu')) as Dawn;
  const gpu = dawn.create([]);
  Object.assign(globalThis, dawn.globals);
  if (!('navigator' in globalThis)) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}
