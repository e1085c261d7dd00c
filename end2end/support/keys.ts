import { expect, type Locator, type Page } from '@playwright/test';

/** More than there is on any way through a page. */
const MOST = 40;

/** Presses keys, one after the other. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
  }
}

/** Presses a key until something has the focus. */
export async function pressUntil(page: Page, key: string, target: Locator): Promise<void> {
  for (let time = 0; time < MOST; time += 1) {
    if (await target.evaluate((node) => node === document.activeElement)) {
      break;
    }
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}
