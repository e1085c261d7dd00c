import { expect, type Locator, type Page } from '@playwright/test';

/** The conversation on a page. */
export class Thread {
  readonly page: Page;
  /** All messages, oldest first. */
  readonly messages: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly pill: Locator;
  readonly divider: Locator;
  readonly scroller: Locator;
  readonly header: Locator;

  constructor(page: Page) {
    this.page = page;
    const main = page.getByRole('main');
    this.messages = main.getByRole('article');
    this.composer = main.getByRole('textbox');
    this.send = main.getByRole('button', { name: 'Send', exact: true });
    this.pill = page.getByTestId('jump');
    this.divider = page.getByTestId('unread-divider');
    this.scroller = page.locator('section.thread');
    this.header = main.locator('header');
  }

  /** The message with exactly this text; not one that answers it. */
  message(text: string): Locator {
    const line = this.page.locator('.bubble > p').and(this.page.getByText(text, { exact: true }));
    return this.messages.filter({ has: line });
  }

  /** The texts on screen, oldest first. */
  async texts(): Promise<string[]> {
    return this.messages.locator('.bubble').evaluateAll((bubbles) =>
      bubbles.map((bubble) =>
        [...bubble.querySelectorAll('p')].map((line) => line.textContent ?? '').join('\n'),
      ),
    );
  }

  /** Waits until the server has stored the message with this text. */
  async stored(text: string): Promise<void> {
    await expect(this.message(text).locator('[data-delivery]')).toHaveAttribute(
      'data-delivery',
      /^(sent|delivered|read)$/,
    );
  }

  /** Expects that the message with this text is on its way. */
  async waits(text: string): Promise<void> {
    await expect(this.message(text).locator('[data-delivery]')).toHaveAttribute(
      'data-delivery',
      'sending',
    );
  }

  /** Waits until exactly these are the last texts. */
  async endsWith(...texts: string[]): Promise<void> {
    await expect
      .poll(async () => (await this.texts()).slice(-texts.length), { message: 'the last messages' })
      .toEqual(texts);
  }

  /** Sends a text. The composer lets go of it only when it is safe. */
  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Control+Enter');
    await expect(this.composer).toHaveValue('');
  }

  /** Where a message stands, in pixels from the top of the window. */
  async top(message: Locator): Promise<number> {
    return message.evaluate((element) => element.getBoundingClientRect().top);
  }

  /** How far the newest message is below the visible part. */
  async distance(): Promise<number> {
    return this.scroller.evaluate((element) => Math.abs(element.scrollTop));
  }

  /** Waits until no scroll is under way: the browser moves a page in many small steps. */
  async atRest(): Promise<void> {
    let last = Number.NaN;
    await expect
      .poll(async () => {
        const now = await this.distance();
        const isStill = now === last;
        last = now;
        return isStill;
      })
      .toBe(true);
  }

  /** Scrolls towards the past as a wheel does. */
  async scrollUp(pixels: number): Promise<void> {
    await this.scroller.hover();
    await this.page.mouse.wheel(0, -pixels);
  }
}

/** The list's row of a conversation. */
export function row(page: Page, name: string): Locator {
  return page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('link', { name });
}

/** Numbered texts, so that order can be seen. */
export function numbered(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => `message ${first + index}`);
}
