import type { Account } from './people.ts';

/** The server slows a socket down that sends more at once. */
const PER_SOCKET = 180;

/** Lets somebody write many messages, in order, as fast as the server stores them. */
export async function seed(
  author: Account,
  conversation: string,
  texts: readonly string[],
): Promise<void> {
  for (let start = 0; start < texts.length; start += PER_SOCKET) {
    const device = await author.device();
    await device.sendAll(conversation, texts.slice(start, start + PER_SOCKET));
    await device.close();
  }
}
