import { expect, type Locator, type Page } from '@playwright/test';
import type { Account } from './people.ts';

/** The details of a group on a page. */
export class Details {
  readonly page: Page;
  readonly panel: Locator;
  readonly heading: Locator;
  readonly waiting: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByRole('region', { name: 'Group details' });
    this.heading = this.panel.getByRole('heading', { name: 'Group details' });
    this.waiting = this.panel.getByTestId('waiting-change');
  }

  /** Opens them from the bar of the conversation. */
  async open(): Promise<void> {
    await this.page.getByRole('link', { name: 'Group details' }).click();
    await expect(this.heading).toBeFocused();
  }

  button(name: string): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }

  /** The row of somebody. */
  member(account: Account): Locator {
    return this.panel.locator(`[data-user="${account.person.id}"]`);
  }

  /** Unfolds what can be done about somebody, and takes one of it. */
  async act(account: Account, deed: string): Promise<void> {
    await this.member(account).getByRole('button', { name: /^Actions for/ }).click();
    await this.member(account).getByRole('button', { name: deed, exact: true }).click();
  }

  /** The dialog that asks. */
  get question(): Locator {
    return this.page.getByRole('dialog');
  }
}

/** The field that finds people, and what it finds. */
export class Picker {
  readonly page: Page;
  readonly field: Locator;
  readonly chips: Locator;

  constructor(page: Page) {
    this.page = page;
    this.field = page.getByLabel('People, by name or username').and(page.locator('input'));
    this.chips = page.getByRole('list', { name: 'Chosen people' }).getByRole('button');
  }

  /** Whoever was found under a name. */
  found(account: Account): Locator {
    return this.page.getByRole('button', { name: account.name }).and(this.page.locator('.person'));
  }

  /** Looks somebody up by their name. */
  async find(account: Account): Promise<void> {
    await this.field.fill(account.name);
    await expect(this.found(account)).toBeVisible();
  }
}

/** The lines between the messages, oldest first. */
export function notices(page: Page): Locator {
  return page.getByTestId('notice');
}
