import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds } from '../support/deeds.ts';
import { PHONE, type Account } from '../support/people.ts';
import { expect, test as base } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

interface Group {
  meera: Account;
  imran: Account;
  zoya: Account;
  conversation: string;
  path: string;
}

const test = base.extend<{ group: Group }>({
  group: async ({ signUp }, use) => {
    const people = await Promise.all([signUp('Meera'), signUp('Imran'), signUp('Zoya')]);
    const [meera, imran, zoya] = people;
    const conversation = await meera.createGroup('Chai', [imran, zoya]);
    await use({ meera, imran, zoya, conversation, path: `/c/${conversation}` });
  },
});

function dialog(page: Page): Locator {
  return page.getByTestId('about-message');
}

const SCREENS: [string, BrowserContextOptions][] = [
  ['phone', PHONE],
  ['desk', { viewport: { width: 1440, height: 900 } }],
];

for (const [name, screen] of SCREENS) {
  test(`who has seen a message is shown as it happens: ${name}`, async ({ group }) => {
    const { meera, imran, zoya, conversation, path } = group;
    const device = await meera.device();
    const { seq } = await device.send(conversation, 'Chai at 5?');
    const page = await meera.open(path, screen);
    const deeds = new Deeds(new Thread(page));
    await deeds.thread.endsWith('Chai at 5?');
    if (name === 'phone') {
      await deeds.rest('Chai at 5?');
      await deeds.item('Seen by').tap();
    } else {
      await deeds.pick('Chai at 5?', 'Seen by');
    }
    await expect(dialog(page)).toContainText('Nobody has seen it yet.');
    const waiting = dialog(page).getByTestId('not-seen');
    await expect(waiting.getByRole('listitem')).toHaveCount(2);
    await expect(waiting).toContainText('Imran');
    await expect(waiting).toContainText('Zoya');
    await expectAccessible(page, 'a dialog');
    (await imran.device()).markRead(conversation, seq);
    const seen = dialog(page).getByTestId('seen');
    await expect(seen).toContainText('Seen by 1 person');
    await expect(seen.getByRole('listitem')).toHaveText([/Imran/]);
    // With the time, which is now; who has not seen it has none.
    const time = await seen.locator('time').getAttribute('datetime');
    expect(Math.abs(Date.parse(time ?? '') - Date.now())).toBeLessThan(60_000);
    await expect(waiting.locator('time')).toHaveCount(0);
    (await zoya.device()).markRead(conversation, seq);
    await expect(dialog(page)).toContainText('Everybody has seen it.');
    // Whoever was last comes first.
    await expect(seen.getByRole('listitem')).toHaveText([/Zoya/, /Imran/]);
    await expect(seen.locator('time')).toHaveCount(2);
    await expectAccessible(page, 'a dialog');
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
    await deeds.focusIsSomewhere();
  });

  test(`what a message said before opens from its mark and from the sheet: ${name}`, async ({
    group,
  }) => {
    const { meera, imran, conversation, path } = group;
    const device = await meera.device();
    const { seq } = await device.send(conversation, 'Chai at 4?');
    const edit = async (text: string): Promise<void> => {
      await device.ask(conversation, { edit: { target: seq, text } });
    };
    await edit('Chai at **5**?');
    await edit('Chai at 6?');
    const page = await imran.open(path, screen);
    const deeds = new Deeds(new Thread(page));
    await deeds.thread.endsWith('Chai at 6?');
    const mark = deeds.thread.message('Chai at 6?').getByRole('button', { name: /^edited/ });
    await (name === 'phone' ? mark.tap() : mark.click());
    const versions = dialog(page).locator('.version-text');
    await expect(versions).toHaveText(['Chai at 4?', 'Chai at 5?', 'Chai at 6?']);
    await expect(versions.nth(1).locator('strong')).toHaveText('5');
    await expect(dialog(page).locator('.version-at').last()).toContainText('Now');
    await expectAccessible(page, 'a dialog');
    // An edit that comes meanwhile, and the end of it all.
    await edit('Chai at 7?');
    await expect(versions).toHaveText(['Chai at 4?', 'Chai at 5?', 'Chai at 6?', 'Chai at 7?']);
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
    await deeds.focusIsSomewhere();
    if (name === 'phone') {
      await deeds.rest('Chai at 7?');
      await deeds.item('Edit history').tap();
    } else {
      await deeds.pick('Chai at 7?', 'Edit history');
    }
    await expect(versions).toHaveCount(4);
    await device.ask(conversation, { delete: { target: seq } });
    await expect(dialog(page)).toContainText('The message was deleted.');
    await expect(versions).toHaveCount(0);
  });
}

test('by keyboard alone: from the message to who has seen it and back', async ({ group }) => {
  const { meera, conversation, path } = group;
  await (await meera.device()).send(conversation, 'Chai at 5?');
  const page = await meera.open(path);
  const deeds = new Deeds(new Thread(page));
  await deeds.thread.message('Chai at 5?').focus();
  await deeds.tool(deeds.thread.message('Chai at 5?'), 'More actions').focus();
  await page.keyboard.press('Enter');
  await deeds.item('Seen by').focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toContainText('Nobody has seen it yet.');
  await expect(dialog(page).getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden();
  await expect(deeds.thread.message('Chai at 5?')).toBeFocused();
});

test('between two people nobody is asked who has seen it', async ({ pair }) => {
  await (await pair.ayesha.device()).send(pair.conversation, 'Chai at 5?');
  const page = await pair.ayesha.open(pair.path);
  const deeds = new Deeds(new Thread(page));
  await deeds.open('Chai at 5?');
  await expect(deeds.item('Copy text')).toBeVisible();
  await expect(deeds.item('Seen by')).toHaveCount(0);
  await expect(deeds.item('Edit history')).toHaveCount(0);
});

test('without a connection it says so, and tries again', async ({ group, noise }) => {
  noise.expectBrokenConnections();
  const { meera, conversation, path } = group;
  await (await meera.device()).send(conversation, 'Chai at 5?');
  const page = await meera.open(path);
  const deeds = new Deeds(new Thread(page));
  await page.route('**/api/seen_by*', (route) => route.abort());
  await deeds.pick('Chai at 5?', 'Seen by');
  await expect(dialog(page).getByRole('alert')).toContainText('This could not be loaded.');
  await page.unroute('**/api/seen_by*');
  await dialog(page).getByRole('button', { name: 'Retry' }).click();
  await expect(dialog(page)).toContainText('Nobody has seen it yet.');
});
