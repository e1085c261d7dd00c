import { expect, type Locator, type Page } from '@playwright/test';
import { seed } from './seed.ts';
import type { Pair } from './test.ts';
import { Thread } from './thread.ts';

export const QUESTION = 'Chai at 5?';
export const ANSWER = 'Haan, pakka';

/** What can be done with the messages of a conversation on a page. */
export class Deeds {
  readonly thread: Thread;
  readonly page: Page;
  /** Everything that can be done with one message. */
  readonly sheet: Locator;
  /** The line above the composer while a message is answered or edited. */
  readonly mode: Locator;
  readonly pinned: Locator;
  /** The dialog that asks, or the list of pins. */
  readonly dialog: Locator;
  /** What was said last, over the page. */
  readonly spoken: Locator;

  constructor(thread: Thread) {
    this.thread = thread;
    this.page = thread.page;
    this.sheet = this.page.getByTestId('message-sheet');
    this.mode = this.page.getByTestId('composer-mode');
    this.pinned = this.page.getByTestId('pinned-line');
    this.dialog = this.page.getByRole('dialog');
    this.spoken = this.page.getByTestId('spoken');
  }

  /** A button beside a message. */
  tool(message: Locator, name: string): Locator {
    return message.getByRole('toolbar').getByRole('button', { name, exact: true });
  }

  /** A button of the sheet. */
  item(name: string): Locator {
    return this.sheet.getByRole('button', { name, exact: true });
  }

  /** Opens the sheet of a message with the mouse. */
  async open(text: string): Promise<void> {
    const message = this.thread.message(text);
    // What is still moving under the pointer is left by it.
    await expect(async () => {
      await message.locator('.bubble').hover();
      await this.tool(message, 'More actions').click({ timeout: 2_000 });
    }).toPass();
    await expect(this.sheet).toBeVisible();
  }

  /** Does something with a message, with the mouse. */
  async pick(text: string, name: string): Promise<void> {
    await this.open(text);
    await this.item(name).click();
    await expect(this.sheet).toBeHidden();
  }

  /** Rests a finger on a message until the sheet is there. */
  async rest(text: string): Promise<void> {
    await this.restOn(this.thread.message(text).locator('.bubble'), this.sheet);
  }

  /** Rests a finger on something until what it opens is there. */
  async restOn(target: Locator, opens: Locator): Promise<void> {
    await target.scrollIntoViewIfNeeded();
    const box = await target.boundingBox();
    const finger = { x: (box?.x ?? 0) + 10, y: (box?.y ?? 0) + 10 };
    const browser = await this.page.context().newCDPSession(this.page);
    await browser.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [finger] });
    await expect(opens).toBeVisible();
    await browser.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await browser.detach();
  }

  /** The chip of a reaction. */
  chip(text: string, emoji: string): Locator {
    return this.thread
      .message(text)
      .getByRole('group', { name: 'Reactions' })
      .getByRole('button', { name: emoji });
  }

  /** Expects that a message has been reacted to by so many, the reader among them or not. */
  async reacted(text: string, emoji: string, count: number, mine: boolean): Promise<void> {
    const chip = this.chip(text, emoji);
    await expect(chip).toHaveText(`${emoji}${count}`);
    await expect(chip).toHaveAttribute('aria-pressed', String(mine));
  }

  /** Expects that something has the focus: nothing that closes may drop it. */
  async focusIsSomewhere(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(() => document.activeElement?.tagName))
      .not.toBe('BODY');
  }
}

/** Everything that a page has stored on its device, as one text. */
export async function stored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('not read'));
      });
    const texts: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const transaction = database.transaction(store, 'readonly');
        texts.push(...(await answer(transaction.objectStore(store).getAll())));
      }
      database.close();
    }
    return JSON.stringify(texts);
  });
}

/** Both at the same conversation, each with a message of their own in it. */
export async function together({ ayesha, bilal, conversation, path }: Pair): Promise<[Deeds, Deeds]> {
  await seed(bilal, conversation, [QUESTION]);
  await seed(ayesha, conversation, [ANSWER]);
  const pages = await Promise.all([ayesha.open(path), bilal.open(path)]);
  const both = pages.map((page) => new Deeds(new Thread(page))) as [Deeds, Deeds];
  for (const { thread } of both) {
    await thread.endsWith(QUESTION, ANSWER);
  }
  return both;
}
