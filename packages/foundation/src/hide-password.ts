/**
 * A text with addresses, for messages: `nats://me:secret@host` is `nats://me:***@host`, and `nats://token@host`, where what stands before
 * the host may be the secret itself, `nats://***@host`.
 */
export function hidePassword(text: string): string {
  return text.replace(/\/\/([^/?#\s]*)@/g, (_, who: string) => {
    const [user = ''] = who.split(':', 1);
    return who.includes(':') ? `//${user}:***@` : '//***@';
  });
}
