import type { Page } from '@playwright/test';

/** Opens the dialog in which a poll is asked. A narrow composer has the button in its bar. */
export async function askPoll(page: Page): Promise<void> {
  const ask = page.locator('.ask-poll:visible');
  if ((await ask.count()) === 0) {
    await page.locator('.more-tools').click();
  }
  await ask.click();
}
