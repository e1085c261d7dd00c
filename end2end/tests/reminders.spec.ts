import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds, QUESTION, stored } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const DESK = { viewport: { width: 1440, height: 900 } };
/** A time that is over: what is to be told then is told at once. */
const OVER = 1;

/** Reminders on a page. */
class Reminders {
  readonly page: Page;
  readonly rows: Locator;
  readonly dialog: Locator;
  readonly due: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rows = page.getByTestId('reminder-item');
    this.dialog = page.getByTestId('remind-dialog');
    this.due = page.getByTestId('reminder-due');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }
}

for (const [name, screen] of [
  ['phone', PHONE],
  ['desk', DESK],
] as const) {
  test(`a reminder is set from the menu, listed, changed, removed and brought back: ${name}`, async ({
    pair,
  }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, [QUESTION]);
    const deeds = new Deeds(new Thread(await ayesha.open(path, screen)));
    const here = new Reminders(deeds.page);
    const list = new Reminders(await ayesha.open('/reminders', screen));
    await expect(list.page.getByTestId('reminders-empty')).toContainText('You have no reminders');
    if (name === 'phone') {
      await deeds.rest(QUESTION);
      await deeds.item('Remind me…').tap();
      await here.dialog.getByRole('button', { name: 'In an hour' }).tap();
    } else {
      await deeds.pick(QUESTION, 'Remind me…');
      await expect(here.dialog).toHaveAccessibleDescription(/All your devices/);
      await expectAccessible(here.page, 'choosing when');
      await here.dialog.getByRole('button', { name: 'In an hour' }).focus();
      await here.page.keyboard.press('Enter');
    }
    await expect(deeds.spoken).toContainText('You will be reminded on');
    await expect(here.dialog).toBeHidden();
    await deeds.focusIsSomewhere();
    await expect(list.rows).toContainText([QUESTION]);
    await expectAccessible(list.page, 'reminders');
    const before = await list.rows.locator('.reminder-when').textContent();
    await list.button(`Change the time of the reminder: ${QUESTION}`).click();
    await list.dialog.getByRole('button', { name: 'Tomorrow morning' }).click();
    await expect(list.rows.locator('.reminder-when')).not.toHaveText(before ?? '');
    await list.button(`Remove the reminder: ${QUESTION}`).click();
    await expect(list.rows).toHaveCount(0);
    await list.page.getByTestId('undo').getByRole('button', { name: 'Undo' }).click();
    await expect(list.rows).toContainText([QUESTION]);
  });
}

test('by keyboard alone: set from the message, and done', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION]);
  const page = await ayesha.open(path, DESK);
  const deeds = new Deeds(new Thread(page));
  const { dialog, due } = new Reminders(page);
  await deeds.thread.message(QUESTION).focus();
  await deeds.tool(deeds.thread.message(QUESTION), 'More actions').focus();
  await page.keyboard.press('Enter');
  await deeds.item('Remind me…').focus();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'In an hour' }).focus();
  await page.keyboard.press('Enter');
  await expect(deeds.spoken).toContainText('You will be reminded on');
  await deeds.focusIsSomewhere();
  await (await ayesha.device()).remind(conversation, 1, OVER);
  await expect(due).toContainText(QUESTION);
  await due.getByRole('button', { name: 'Done' }).focus();
  await page.keyboard.press('Enter');
  await expect(due).toHaveCount(0);
  await deeds.focusIsSomewhere();
});

test('what has come is told on every device, put off and done', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION]);
  const phone = new Reminders(await ayesha.open('/', PHONE));
  const desk = new Reminders(await ayesha.open('/settings', DESK));
  const his = new Reminders(await bilal.open(path));
  const device = await ayesha.device();
  await device.remind(conversation, 1, OVER);
  for (const it of [phone, desk]) {
    await expect(it.due).toContainText(QUESTION);
    await expect(it.due).toContainText(bilal.name);
    await expect(it.page.getByRole('alert').filter({ hasText: QUESTION })).toHaveCount(1);
    await expectAccessible(it.page, 'a reminder has come');
  }
  await expect(his.due).toHaveCount(0);
  await phone.due.getByRole('button', { name: 'In 20 minutes' }).tap();
  await expect(phone.due).toHaveCount(0);
  await expect(desk.due).toHaveCount(0);

  await device.remind(conversation, 1, OVER);
  const away = new Reminders(await ayesha.open('/'));
  await expect(away.due).toContainText(QUESTION);
  await desk.due.getByRole('link', { name: 'Go to the message' }).click();
  await expect(desk.page).toHaveURL(new RegExp(`${path}\\?at=1`));
  await expect(new Thread(desk.page).message(QUESTION)).toBeFocused();
  await desk.due.getByRole('button', { name: 'Done' }).focus();
  await desk.page.keyboard.press('Enter');
  await expect(desk.due).toHaveCount(0);
  await expect(away.due).toHaveCount(0);
  await desk.page.goto('/reminders');
  await expect(desk.page.getByTestId('reminders-empty')).toBeVisible();
});

test('a due reminder leads to its message as often as it is asked', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, [QUESTION, ...numbered(60)]);
  const page = await ayesha.open(path, DESK);
  const [thread, here] = [new Thread(page), new Reminders(page)];
  await (await ayesha.device()).remind(conversation, 1, OVER);
  const link = here.due.getByRole('link', { name: 'Go to the message' });
  await link.click();
  await expect(thread.message(QUESTION)).toBeFocused();
  await thread.scroller.hover();
  await page.mouse.wheel(0, 20_000);
  await expect(thread.message(QUESTION)).not.toBeInViewport();
  await link.click();
  await expect(thread.message(QUESTION)).toBeInViewport();
});

test('a deleted message says so, and one of a group that was left says nothing', async ({
  pair,
  signUp,
}) => {
  const { ayesha, bilal, conversation } = pair;
  const sana = await signUp('Sana');
  await seed(bilal, conversation, [QUESTION]);
  const group = await bilal.createGroup('Cricket', [ayesha, sana]);
  await seed(bilal, group, ['the secret']);
  const { last_seq } = await ayesha.summary(group);
  const device = await ayesha.device();
  await device.remind(conversation, 1, OVER);
  await device.remind(group, last_seq, OVER);
  await (await bilal.device()).ask(conversation, { delete: { target: 1 } });
  await device.ask(group, 'leave');
  const list = new Reminders(await ayesha.open('/reminders'));
  await expect(list.rows).toHaveCount(1);
  await expect(list.rows).toContainText('This message was deleted.');
  await expect(list.due).toContainText('This message was deleted.');
  await expect(list.page.getByRole('main')).not.toContainText('Cricket');
});

test('what is set offline stays so through a reload and arrives', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION]);
  const list = new Reminders(await ayesha.open('/reminders'));
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  const deeds = new Deeds(new Thread(page));
  await gate.cut();
  await deeds.pick(QUESTION, 'Remind me…');
  await new Reminders(page).dialog.getByRole('button', { name: 'In 3 hours' }).click();
  await expect.poll(() => stored(page)).toContain('remind_at');
  await page.reload();
  await alive(page);
  await expect(list.rows).toHaveCount(0);
  gate.mend();
  await expect(list.rows).toContainText([QUESTION]);
  expect(gate.count('remind')).toBe(1);
});
