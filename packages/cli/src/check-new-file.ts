import { FileExistsError } from '@serial-oe/runtime/contract';
import { checkWritable, createFileAccess } from '@serial-oe/runtime/node/files';

/**
 * Says before any work that nothing may stand where a command is to write, and that it cannot be written there.
 * @throws FileExistsError; FileAccessError
 */
export async function checkNewFile(
  caller: string,
  { out, overwrite }: { out: string; overwrite: boolean },
): Promise<void> {
  if (overwrite || !(await createFileAccess().exists(out))) return checkWritable(out);
  throw new FileExistsError(
    `${caller}: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
  );
}
