import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { askPoll } from '../support/asking.ts';
import { expectAccessible } from '../support/axe.ts';
import { SocketGate } from '../support/gate.ts';
import { Details, notices } from '../support/group.ts';
import { alive, PHONE, type Account } from '../support/people.ts';
import { expect, test as base } from '../support/test.ts';
import { Thread } from '../support/thread.ts';
import type { SlowMode } from '../support/wire.ts';

interface Group {
  meera: Account;
  imran: Account;
  conversation: string;
  path: string;
}

/** Meera's, with Imran in it. */
const test = base.extend<{ group: Group }>({
  group: async ({ signUp }, use) => {
    const [meera, imran] = await Promise.all([signUp('Meera'), signUp('Imran')]);
    const conversation = await meera.createGroup(`Chai ${meera.person.username}`, [imran]);
    await use({ meera, imran, conversation, path: `/c/${conversation}` });
  },
});

const EVERY_TEN = 'Slow mode: a message every 10 seconds.';
const WAITS = /^Slow mode: you can write again in \d+ seconds?\.$/;
const STAYS = /What you have written stays\.$/;

function pace(page: Page): Locator {
  return page.getByTestId('pace');
}

function chooser(page: Page): Locator {
  return new Details(page).panel.getByLabel('Slow mode');
}

async function slow(group: Group, slow_mode: SlowMode): Promise<void> {
  const device = await group.meera.device();
  await device.ask(group.conversation, { slow_mode: { slow_mode } });
}

const SCREENS: [string, BrowserContextOptions][] = [
  ['phone', PHONE],
  ['desk', { viewport: { width: 1440, height: 900 } }],
];

for (const [name, screen] of SCREENS) {
  test(`members are slowed and whoever manages the group is not: ${name}`, async ({ group }) => {
    const { meera, imran, path } = group;
    const hers = await meera.open(path, screen);
    const his = await imran.open(path, screen);
    const details = new Details(hers);
    await details.open();
    await chooser(hers).selectOption({ label: 'a message every 10 seconds' });
    await expectAccessible(hers, 'the rules of a group');
    await hers.goBack();
    for (const [page, who] of [
      [hers, 'You'],
      [his, meera.name],
    ] as const) {
      const told = `${who} turned on slow mode: a message every 10 seconds`;
      await expect(notices(page).last()).toHaveText(told);
    }
    await expect(pace(his)).toHaveText(EVERY_TEN);
    await expect(pace(hers)).toHaveCount(0);

    const [atMeera, atImran] = [new Thread(hers), new Thread(his)];
    await atImran.composer.fill('one');
    await expect(atImran.send).toHaveAttribute('aria-disabled', 'false');
    await atImran.send.click();
    await atImran.stored('one');
    await expect(pace(his)).toHaveText(WAITS);
    await atImran.composer.fill('two');
    await expect(atImran.send).toHaveAttribute('aria-disabled', 'true');
    // It is off, and says why when it is touched all the same.
    await atImran.send.click({ force: true });
    await expect(his.getByRole('alert').filter({ hasText: STAYS })).toBeAttached();
    await expect(atImran.composer).toHaveValue('two');
    await expectAccessible(his, 'a composer that waits');
    // Whoever manages the group writes as often as they like.
    await atMeera.write('and');
    await atMeera.write('again');
    await atImran.endsWith('one', 'and', 'again');

    await expect(pace(his)).toHaveText(EVERY_TEN);
    await expect(his.getByRole('status').filter({ hasText: 'You can write again.' })).toBeAttached();
    await atImran.send.click();
    await atImran.stored('two');
    await atMeera.endsWith('and', 'again', 'two');
    await slow(group, 'off');
    await expect(pace(his)).toHaveCount(0);
  });
}

test('by keyboard alone: it is chosen, waited for, and a correction does not wait', async ({ group }) => {
  const { meera, imran, path } = group;
  const hers = await meera.open(path);
  const his = await imran.open(path);
  await new Details(hers).open();
  await chooser(hers).focus();
  await hers.keyboard.press('ArrowDown');
  await hers.keyboard.press('ArrowDown');
  await hers.keyboard.press('ArrowDown');
  await expect(pace(his)).toHaveText('Slow mode: a message every minute.');
  await expect(chooser(hers)).toHaveValue('minute');
  await hers.reload();
  await alive(hers);
  await expect(chooser(hers)).toHaveValue('minute');

  const thread = new Thread(his);
  await thread.composer.focus();
  await his.keyboard.type('chai');
  await his.keyboard.press('Enter');
  await thread.stored('chai');
  await his.keyboard.type('more');
  await his.keyboard.press('Enter');
  await expect(his.getByRole('alert').filter({ hasText: STAYS })).toBeAttached();
  await expect(thread.composer).toHaveValue('more');
  await his.keyboard.press('Control+A');
  await his.keyboard.press('Backspace');
  await his.keyboard.press('ArrowUp');
  await expect(thread.composer).toHaveValue('chai');
  await his.keyboard.type('!');
  await his.keyboard.press('Enter');
  await expect(thread.message('chai!')).toBeVisible();

  await new Details(his).open();
  // It is off, and can be read with its reason.
  await expect(chooser(his)).toHaveAttribute('aria-disabled', 'true');
  await expect(chooser(his)).toHaveAccessibleDescription(/Only admins can do this\./);
  await chooser(his).focus();
  await expect(chooser(his)).toBeFocused();
  await his.keyboard.press('ArrowDown');
  await his.keyboard.press('Enter');
  await expect(chooser(his)).toHaveValue('minute');
  await expect(chooser(his).getByRole('option', { name: 'Off' })).toBeDisabled();
  await expect(new Details(his).panel).toContainText('Only admins can do this.');
});

for (const [name, screen] of SCREENS) {
  test(`a thread and a poll are slowed with the conversation: ${name}`, async ({ group }) => {
    const { meera, imran, conversation, path } = group;
    const device = await meera.device();
    const { seq } = await device.send(conversation, 'Chai at five?');
    await slow(group, 'minute');
    const his = await imran.open(`${path}/t-${seq}`, screen);
    const side = his.locator('.thread-side');
    const field = side.getByRole('textbox');
    const send = side.getByRole('button', { name: 'Send', exact: true });
    await expect(side.getByTestId('pace')).toHaveText('Slow mode: a message every minute.');
    await field.fill('gladly');
    await field.press('Control+Enter');
    await expect(field).toHaveValue('');
    await expect(side.getByTestId('pace')).toHaveText(WAITS);
    await expect(field).toHaveAccessibleDescription(/you can write again/);
    await field.fill('at six');
    await expect(send).toHaveAttribute('aria-disabled', 'true');
    await field.press('Control+Enter');
    await expect(his.getByRole('alert').filter({ hasText: STAYS })).toBeAttached();
    await expect(field).toHaveValue('at six');
    await expectAccessible(his, 'a thread that waits');

    await his.goto(path);
    await alive(his);
    await expect(pace(his)).toHaveText(WAITS);
    await expect(new Thread(his).composer).toHaveAccessibleDescription(/you can write again/);
    await askPoll(his);
    const dialog = his.getByTestId('ask-poll');
    await dialog.getByLabel('Question').fill('When?');
    await dialog.getByLabel('Answer 1', { exact: true }).fill('Five');
    await dialog.getByLabel('Answer 2', { exact: true }).fill('Six');
    await dialog.locator('button[type=submit]').click({ force: true });
    await expect(dialog.getByRole('alert')).toHaveText(STAYS);
    await expect(dialog.getByLabel('Question')).toHaveValue('When?');
  });
}

test('what was written without a connection waits for its turn and is sent once', async ({
  group,
  noise,
}) => {
  noise.expectBrokenConnections();
  const { meera, imran, conversation, path } = group;
  await slow(group, 'ten_seconds');
  const browser = await imran.browser();
  const gate = await SocketGate.before(browser);
  const page = await browser.newPage();
  await page.goto(path);
  await alive(page);
  await expect(pace(page)).toHaveText(EVERY_TEN);
  await gate.cut();
  const thread = new Thread(page);
  await thread.write('from the train');
  // Meanwhile he has written with another device.
  await (await imran.device()).send(conversation, 'from the phone');
  gate.mend();
  await thread.endsWith('from the phone', 'from the train');
  await thread.waits('from the train');
  await expect(pace(page)).toHaveText(WAITS);
  await thread.stored('from the train');
  const hers = new Thread(await meera.open(path));
  await hers.endsWith('from the phone', 'from the train');
});
