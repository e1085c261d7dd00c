import { expect, type Locator, type Page } from '@playwright/test';
import type { Preferences } from './wire.ts';
import type { Account } from './people.ts';
import { row } from './thread.ts';

/** What can be done with the conversations of a list. */
export class Organiser {
  readonly page: Page;
  /** The menu of a conversation. */
  readonly menu: Locator;
  /** The line that takes back what was put away. */
  readonly undo: Locator;
  readonly switcher: Locator;

  constructor(page: Page) {
    this.page = page;
    this.menu = page.getByTestId('conversation-menu');
    this.undo = page.getByTestId('undo');
    this.switcher = page.getByTestId('switcher');
  }

  /** A line of the menu. */
  item(name: string): Locator {
    return this.menu.getByRole('button', { name, exact: true });
  }

  /** A choice of what is seen. */
  filter(name: string): Locator {
    return this.page.getByRole('radio', { name, exact: true });
  }

  /** Opens the menu of a row with the right button of the mouse. */
  async open(name: string): Promise<void> {
    const title = this.page.locator('.conversation-name', { hasText: name });
    const link = this.page.locator('.conversation-item > a').filter({ has: title });
    await link.click({ button: 'right' });
    await expect(this.menu).toBeVisible();
  }

  /** Does something with a conversation, by its row. */
  async pick(name: string, ...items: string[]): Promise<void> {
    await this.open(name);
    for (const item of items) {
      await this.item(item).click();
    }
    await expect(this.menu).toBeHidden();
  }

  /** Rests a finger on a row until the menu is there. */
  async rest(name: string): Promise<void> {
    const box = await row(this.page, name).boundingBox();
    const finger = { x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 20 };
    const browser = await this.page.context().newCDPSession(this.page);
    await browser.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [finger] });
    await expect(this.menu).toBeVisible();
    await browser.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await browser.detach();
  }

  /** The names of the rows from top to bottom. */
  async names(): Promise<string[]> {
    return this.page.locator('.conversations .conversation-name > bdi').allTextContents();
  }
}

/** Waits until the server has this of how somebody has arranged a conversation. */
export async function arranged(
  account: Account,
  conversation: string,
  expected: Partial<Preferences>,
): Promise<void> {
  await expect
    .poll(async () => (await account.summary(conversation)).preferences)
    .toMatchObject(expected);
}
