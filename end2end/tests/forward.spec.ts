import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE, type Account } from '../support/people.ts';
import { expect, test as base } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

interface Circle {
  meera: Account;
  imran: Account;
  zoya: Account;
  /** Meera's with Imran, where it is said. */
  said: string;
  /** Meera's with Zoya, where it is not. */
  other: string;
}

const test = base.extend<{ circle: Circle }>({
  circle: async ({ signUp }, use) => {
    const people = await Promise.all([signUp('Meera'), signUp('Imran Aziz'), signUp('ज़ोया')]);
    const [meera, imran, zoya] = people;
    const said = await meera.openDirect(imran);
    const other = await meera.openDirect(zoya);
    await (await imran.device()).send(said, 'Chai at 5?');
    await use({ meera, imran, zoya, said, other });
  },
});

function dialog(page: Page): Locator {
  return page.getByTestId('forward');
}

function choice(page: Page, name: string): Locator {
  return dialog(page).getByRole('checkbox', { name });
}

const SCREENS: [string, BrowserContextOptions][] = [
  ['phone', PHONE],
  ['desk', { viewport: { width: 1440, height: 900 } }],
];

for (const [name, screen] of SCREENS) {
  test(`a message is sent on to others, marked, without a word of its author: ${name}`, async ({
    circle,
  }) => {
    const { meera, imran, zoya, said, other } = circle;
    const page = await meera.open(`/c/${said}`, screen);
    const deeds = new Deeds(new Thread(page));
    await deeds.thread.endsWith('Chai at 5?');
    if (name === 'phone') {
      await deeds.rest('Chai at 5?');
      await deeds.item('Forward').tap();
    } else {
      await deeds.pick('Chai at 5?', 'Forward');
    }
    await expect(dialog(page)).toBeVisible();
    await expectAccessible(page, 'a dialog');
    const send = dialog(page).getByRole('button', { name: 'Forward', exact: true });
    await expect(send).toHaveAttribute('aria-disabled', 'true');
    await dialog(page).getByLabel('Find a conversation').fill('ज़ो');
    await expect(choice(page, imran.name)).toHaveCount(0);
    await choice(page, zoya.name).check();
    await expect(dialog(page)).toContainText('1 conversation chosen');
    // What is chosen stays in sight.
    await dialog(page).getByLabel('Find a conversation').fill('az');
    await choice(page, imran.name).check();
    await expect(choice(page, zoya.name)).toBeChecked();
    await send.click();
    await expect(dialog(page)).toBeHidden();
    await expect(deeds.spoken).toHaveText('Forwarded to 2 conversations');
    await deeds.focusIsSomewhere();
    await deeds.thread.endsWith('Chai at 5?', 'Chai at 5?');

    const theirs = new Thread(await zoya.open(`/c/${other}`));
    await theirs.endsWith('Chai at 5?');
    await expect(theirs.message('Chai at 5?').locator('.forwarded')).toHaveText('Forwarded');
    await expect(theirs.messages).not.toContainText('Imran');
    const [message] = await (await zoya.device()).history(other);
    expect(JSON.stringify(message)).not.toContain(imran.person.id);
    expect(JSON.stringify(message)).not.toContain(said);
  });
}

test('by keyboard, and it is not edited afterwards', async ({ circle }) => {
  const { meera, zoya, said, other } = circle;
  const page = await meera.open(`/c/${said}`);
  const deeds = new Deeds(new Thread(page));
  await deeds.thread.message('Chai at 5?').focus();
  await deeds.tool(deeds.thread.message('Chai at 5?'), 'More actions').focus();
  await page.keyboard.press('Enter');
  await deeds.item('Forward').focus();
  await page.keyboard.press('Enter');
  await choice(page, zoya.name).focus();
  await page.keyboard.press('Space');
  await expect(choice(page, zoya.name)).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden();
  await expect(deeds.thread.message('Chai at 5?')).toBeFocused();

  await page.goto(`/c/${other}`);
  await alive(page);
  await deeds.thread.stored('Chai at 5?');
  await deeds.thread.composer.press('ArrowUp');
  await expect(deeds.mode).toHaveCount(0);
  await deeds.open('Chai at 5?');
  await expect(deeds.item('Copy text')).toBeVisible();
  await expect(deeds.item('Edit')).toHaveCount(0);
});

test('where one cannot write it is off, and says why', async ({ circle }) => {
  const { meera, imran, zoya, said } = circle;
  const page = await meera.open(`/c/${said}`);
  const header = page.locator('header');
  await header.getByRole('button', { name: `Actions for ${imran.name}` }).click();
  const menu = page.getByTestId('conversation-menu');
  await menu.getByRole('button', { name: 'Block', exact: true }).click();
  const question = page.getByRole('dialog', { name: /^Block / });
  await question.getByRole('button', { name: 'Block', exact: true }).click();
  await expect(page.getByTestId('closed')).toBeVisible();
  await new Deeds(new Thread(page)).pick('Chai at 5?', 'Forward');
  await expect(choice(page, imran.name)).toBeDisabled();
  await expect(choice(page, imran.name)).toHaveAccessibleName(/You have blocked/);
  await expect(choice(page, zoya.name)).toBeEnabled();
  await expectAccessible(page, 'somebody who is blocked');
});

test('without a connection it waits, and goes when there is one', async ({ circle, noise }) => {
  noise.expect(/WebSocket is already in CLOSING or CLOSED state/);
  const { meera, zoya, said, other } = circle;
  const page = await (await meera.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(`/c/${said}`);
  await alive(page);
  const deeds = new Deeds(new Thread(page));
  await deeds.thread.endsWith('Chai at 5?');
  await gate.cut();
  await deeds.pick('Chai at 5?', 'Forward');
  await choice(page, zoya.name).check();
  await dialog(page).getByRole('button', { name: 'Forward', exact: true }).click();
  await expect(row(page, zoya.name)).toContainText('Chai at 5?');
  const device = await zoya.device();
  expect(await device.texts(other)).toEqual([]);
  gate.mend();
  await device.until('event', ({ message }) => message.conversation === other);
  expect(await device.texts(other)).toEqual(['Chai at 5?']);
});
