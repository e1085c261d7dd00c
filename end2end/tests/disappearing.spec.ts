import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { notices } from '../support/group.ts';
import { alive, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

const HOUR = 60 * 60 * 1_000;
const LINE = 'New messages disappear after an hour.';

/** The choice, opened from the bar of the conversation. */
async function choices(page: Page, name: string): Promise<Locator> {
  const menu = page.getByRole('main').getByRole('button', { name: `Actions for ${name}` });
  await menu.click();
  await page.getByRole('button', { name: 'Disappearing messages' }).click();
  return page.getByTestId('stay');
}

const SCREENS: [string, BrowserContextOptions][] = [
  ['phone', PHONE],
  ['desk', { viewport: { width: 1440, height: 900 } }],
];

for (const [name, screen] of SCREENS) {
  test(`it is set for both and what is over is gone: ${name}`, async ({ noise, pair }) => {
    noise.expectBrokenConnections();
    const { ayesha, bilal, conversation, path } = pair;
    await (await bilal.device()).send(conversation, 'this stays');
    const browser = await ayesha.browser(screen);
    const page = await browser.newPage();
    await page.clock.install();
    await page.goto(path);
    await alive(page);
    const choice = await choices(page, bilal.name);
    await expectAccessible(page, 'how long messages stay');
    await choice.getByRole('button', { name: 'after an hour' }).click();
    await expect(notices(page).last()).toHaveText('You set new messages to disappear after an hour');
    await expect(page.getByTestId('stay-line')).toHaveText(LINE);

    const his = await bilal.open(path, screen);
    await expect(notices(his).last()).toContainText('set new messages to disappear after an hour');
    await expect(his.getByTestId('stay-line')).toHaveText(LINE);
    const thread = new Thread(page);
    await thread.write('mine');
    await thread.stored('mine');
    await new Thread(his).write('a secret');
    await thread.endsWith('this stays', 'mine', 'a secret');

    // Also without a connection, and from what the device has stored.
    await browser.setOffline(true);
    await page.clock.fastForward(HOUR + 60_000);
    await thread.endsWith('this stays');
    await expect(thread.messages).toHaveCount(1);
    if (name === 'desk') {
      await expect(row(page, bilal.name)).not.toContainText('a secret');
    }
    await expect.poll(() => stored(page)).not.toContain('a secret');
  });
}

/** Everything that the device has stored, as text. */
async function stored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const all: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name ?? '');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of database.objectStoreNames) {
        all.push(
          await new Promise((resolve, reject) => {
            const reading = database.transaction(store).objectStore(store).getAll();
            reading.onsuccess = () => resolve(reading.result);
            reading.onerror = () => reject(reading.error);
          }),
        );
      }
      database.close();
    }
    return JSON.stringify(all);
  });
}

test('by keyboard alone: chosen, and ended again', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const page = await ayesha.open(path);
  const menu = page.getByRole('main').getByRole('button', { name: `Actions for ${bilal.name}` });
  await menu.focus();
  await page.keyboard.press('Enter');
  const entry = page.getByRole('button', { name: 'Disappearing messages' });
  await entry.focus();
  await page.keyboard.press('Enter');
  const choice = page.getByTestId('stay');
  await choice.getByRole('button', { name: 'after 7 days' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('stay-line')).toHaveText('New messages disappear after 7 days.');
  await choices(page, bilal.name);
  await expect(choice.getByRole('button', { name: 'after 7 days' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await choice.getByRole('button', { name: 'never' }).focus();
  await page.keyboard.press('Enter');
  await expect(notices(page).last()).toHaveText('You set new messages to stay');
  await expect(page.getByTestId('stay-line')).toHaveCount(0);
});

test('in a group a member sees what is chosen, and why they cannot choose', async ({ pair }) => {
  const { ayesha, bilal } = pair;
  const title = `Chai ${ayesha.person.username}`;
  const conversation = await ayesha.createGroup(title, [bilal]);
  await (await ayesha.device()).ask(conversation, { set_lifespan: { lifespan: 'day' } });
  const page = await bilal.open(`/c/${conversation}`);
  const choice = await choices(page, title);
  const other = choice.getByRole('button', { name: 'never' });
  await expect(other).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByTestId('conversation-menu')).toContainText('Only admins can do this.');
  await expect(choice.getByRole('button', { name: 'after a day' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await other.click({ force: true });
  await expect(choice).toBeVisible();
});
