import { expect, type Locator, type Page } from '@playwright/test';
import { Organiser } from './organising.ts';

/** The folders of a list. */
export class Folders {
  readonly page: Page;
  readonly list: Organiser;
  readonly dialog: Locator;
  /** The field for a new folder. */
  readonly fresh: Locator;

  constructor(page: Page) {
    this.page = page;
    this.list = new Organiser(page);
    this.dialog = page.getByTestId('folder-dialog');
    this.fresh = this.dialog.getByLabel('New folder');
  }

  /** Opens the dialog from a row. */
  async open(name: string): Promise<void> {
    await this.list.pick(name, 'Folder…');
    await expect(this.dialog).toBeVisible();
  }

  /** A folder in the dialog. */
  choice(name: string): Locator {
    return this.dialog.getByRole('radio', { name, exact: true });
  }

  button(name: string): Locator {
    return this.dialog.getByRole('button', { name, exact: true });
  }

  /** Makes a folder for a conversation, by its row. */
  async make(name: string, folder: string): Promise<void> {
    await this.open(name);
    await this.fresh.fill(folder);
    await this.button('Make the folder').click();
    await expect(this.choice(folder)).toBeChecked();
    await this.button('Close').click();
    await expect(this.dialog).toBeHidden();
  }

  /** The chip of a folder above the list. */
  chip(name: string): Locator {
    return this.page.locator('.filters').getByRole('radio', { name, exact: true });
  }
}
