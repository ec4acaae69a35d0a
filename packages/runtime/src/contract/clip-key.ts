/** Names a clip wherever its data set lies: `type/id/file name`. */
export function clipKey({
  machineType,
  machineId,
  path,
}: {
  machineType: string;
  machineId: string;
  path: string;
}): string {
  return `${machineType}/${machineId}/${path.split(/[\\/]/).pop()}`;
}
