import { FileExistsError } from '@serial-oe/runtime';
import { createFileAccess } from '@serial-oe/runtime/node';

/**
 * Says before any work that nothing may stand where a command is to write.
 * @throws FileExistsError
 */
export async function checkNewFile(
  caller: string,
  { out, overwrite }: { out: string; overwrite: boolean },
): Promise<void> {
  if (overwrite || !(await createFileAccess().exists(out))) return;
  throw new FileExistsError(
    `${caller}: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
  );
}
