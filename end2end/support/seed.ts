import { expect } from '@playwright/test';
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

/** The same, and somebody else has read them all: the conversation opens at its end. */
export async function seedRead(
  author: Account,
  reader: Account,
  conversation: string,
  texts: readonly string[],
): Promise<void> {
  await seed(author, conversation, texts);
  const { last_seq } = await reader.summary(conversation);
  const device = await reader.device();
  device.markRead(conversation, last_seq);
  await expect.poll(async () => (await reader.summary(conversation)).unread).toBe(0);
  await device.close();
}
