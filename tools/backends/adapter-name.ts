/** What the device behind WebGPU calls itself. Null where there is no WebGPU. */
export async function adapterName(): Promise<string | null> {
  const { gpu } = navigator as unknown as {
    gpu: {
      requestAdapter(): Promise<{ info: Record<'vendor' | 'architecture' | 'description', string> } | null>;
    };
  };
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return null;
  const { vendor, architecture, description } = adapter.info;
  return description === '' ? `${vendor} ${architecture}` : description;
}
