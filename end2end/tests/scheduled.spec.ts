import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { pressUntil } from '../support/keys.ts';
import { alive, PHONE, type Account } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

const HOUR = 60 * 60 * 1_000;

/** What is scheduled, where it is written and where it is listed. */
class Later {
  readonly page: Page;
  readonly thread: Thread;
  readonly button: Locator;
  readonly dialog: Locator;
  readonly line: Locator;
  readonly items: Locator;

  constructor(page: Page) {
    this.page = page;
    this.thread = new Thread(page);
    this.button = page.getByRole('button', { name: 'Send later' });
    this.dialog = page.getByRole('dialog', { name: 'When should it be sent?' });
    this.line = page.getByTestId('later-line');
    this.items = page.getByTestId('later-item');
  }

  item(text: string): Locator {
    return this.items.filter({ hasText: text });
  }
}

async function open(account: Account, path: string, options = {}): Promise<Later> {
  return new Later(await account.open(path, options));
}

/** A moment as a date-time field has it, in the time zone of the page. */
async function field(page: Page, inMs: number): Promise<string> {
  return page.evaluate((ms) => {
    const at = new Date(Date.now() + ms);
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }, inMs);
}

test('a message is scheduled, listed on every device and sent before its time by keyboard', async ({
  pair,
}) => {
  const { ayesha, bilal, path } = pair;
  const [hers, phone, his] = await Promise.all([
    open(ayesha, path),
    open(ayesha, path, PHONE),
    open(bilal, path),
  ]);
  await expect(hers.button).toBeDisabled();
  await hers.thread.composer.fill('Happy birthday');
  await pressUntil(hers.page, 'Tab', hers.button);
  await hers.page.keyboard.press('Enter');
  await expect(hers.dialog).toBeVisible();
  await expect(hers.dialog).toHaveAccessibleDescription(/waits on the server/);
  await expectAccessible(hers.page, 'choosing a time');
  const tomorrow = hers.dialog.getByRole('button', { name: /^Tomorrow morning/ });
  await tomorrow.focus();
  await hers.page.keyboard.press('Enter');
  await expect(hers.dialog).toHaveCount(0);
  await expect(hers.thread.composer).toHaveValue('');
  await expect(hers.button).toBeFocused();
  for (const it of [hers, phone]) {
    await expect(it.line).toContainText('1 scheduled message');
  }
  await expect(his.line).toHaveCount(0);

  await hers.line.getByRole('link', { name: 'Show' }).focus();
  await hers.page.keyboard.press('Enter');
  const item = hers.item('Happy birthday');
  await expect(item).toContainText('Will be sent on');
  await expect(item).toContainText(bilal.name);
  await expectAccessible(hers.page, 'scheduled messages');
  await item.getByRole('button', { name: 'Send now' }).focus();
  await hers.page.keyboard.press('Enter');
  await expect(hers.items).toHaveCount(0);
  await expect(hers.page.getByText('Nothing is scheduled in this conversation.')).toBeVisible();
  await his.thread.endsWith('Happy birthday');
  await phone.thread.endsWith('Happy birthday');
  await expect(phone.line).toHaveCount(0);
});

test('a message that waits is changed, deleted and brought back by touch', async ({
  noise,
  pair,
}) => {
  const { ayesha, path } = pair;
  const it = await open(ayesha, path, PHONE);
  await it.thread.composer.fill('Rent');
  await it.button.tap();
  const time = it.dialog.getByLabel('Another date and time');
  const set = it.dialog.getByRole('button', { name: 'Schedule' });
  await set.tap();
  await expect(it.dialog.getByRole('alert')).toHaveText('Choose a date and a time.');
  await time.fill(await field(it.page, -HOUR));
  await set.tap();
  await expect(it.dialog.getByRole('alert')).toHaveText(/between now and a year from now/);
  await time.fill(await field(it.page, 26 * HOUR));
  await set.tap();
  await expect(it.dialog).toHaveCount(0);

  await it.line.getByRole('link', { name: 'Show' }).tap();
  await it.item('Rent').getByRole('button', { name: 'Change' }).tap();
  // Esc ends the change, and leaves the page where it is.
  await it.page.keyboard.press('Escape');
  await it.item('Rent').getByRole('button', { name: 'Change' }).tap();
  const words = it.page.getByLabel('Message', { exact: true });
  await expect(words).toBeFocused();
  await words.fill('Rent is due');
  await it.page.getByLabel('Date and time', { exact: true }).fill(await field(it.page, 50 * HOUR));
  await it.page.getByRole('button', { name: 'Save' }).tap();
  const item = it.item('Rent is due');
  await expect(item.getByRole('button', { name: 'Delete' })).toBeVisible();
  await item.getByRole('button', { name: 'Delete' }).tap();
  await expect(it.items).toHaveCount(0);
  const undo = it.page.getByTestId('undo');
  await expect(undo).toContainText('The message is deleted.');
  // What could not be scheduled again can be tried again.
  noise.expectBrokenConnections();
  await it.page.route('**/api/schedule', (route) => route.abort());
  const tried = it.page.waitForRequest('**/api/schedule');
  await undo.getByRole('button', { name: 'Undo' }).tap();
  await tried;
  await expect(it.page.getByRole('alert').filter({ hasText: /\S/ }).first()).toBeVisible();
  await it.page.unroute('**/api/schedule');
  await undo.getByRole('button', { name: 'Undo' }).tap();
  await expect(item).toBeVisible();
  await it.page.reload();
  await alive(it.page);
  await expect(item).toBeVisible();
});

test('Send now, pressed twice, sends once and is not refused', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await ayesha.schedule(conversation, 'Once', 24 * HOUR);
  const it = await open(ayesha, '/scheduled');
  const send = it.item('Once').getByRole('button', { name: 'Send now' });
  await send.evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await expect(it.items).toHaveCount(0);
  await expect(it.page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0);
  expect(await (await bilal.device()).texts(conversation)).toEqual(['Once']);
});

test('a message arrives at its time on every open page', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const [hers, his] = await Promise.all([open(ayesha, path), open(bilal, path)]);
  await ayesha.schedule(conversation, 'Good morning', 3_000);
  await expect(hers.line).toContainText('1 scheduled message');
  await his.thread.endsWith('Good morning');
  await hers.thread.endsWith('Good morning');
  await expect(hers.line).toHaveCount(0);
  expect(await hers.thread.texts()).toEqual(['Good morning']);
});

test('without a connection the text stays in the composer', async ({ pair, noise }) => {
  noise.expectBrokenConnections();
  const { ayesha, path } = pair;
  const it = await open(ayesha, path);
  await it.thread.composer.fill('Later then');
  await it.button.click();
  await it.page.route('**/api/schedule', (route) => route.abort());
  const hour = it.dialog.getByRole('button', { name: /^In an hour/ });
  await hour.click();
  await expect(it.dialog.getByRole('alert')).toHaveText(/needs a connection/);
  await it.page.unroute('**/api/schedule');
  await it.page.keyboard.press('Escape');
  await expect(it.thread.composer).toHaveValue('Later then');
  await expect(it.line).toHaveCount(0);
});

test('whoever cancels while it is being scheduled sends it once', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const it = await open(ayesha, path);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await it.page.route('**/api/schedule', async (route) => {
    await held;
    await route.continue();
  });
  await it.thread.composer.fill('Only now');
  await it.button.click();
  await it.dialog.getByRole('button', { name: /^In an hour/ }).click();
  await expect(it.dialog.getByRole('button', { name: 'Scheduling…' })).toBeVisible();
  await it.dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(it.dialog).toHaveCount(0);
  // It may be scheduled by now.
  await it.thread.composer.press('Control+Enter');
  await expect(it.thread.composer).toHaveValue('Only now');
  await expect(it.thread.messages).toHaveCount(0);
  const withdrawn = it.page.waitForResponse('**/api/unschedule');
  release();
  await withdrawn;
  await expect(async () => {
    await it.thread.composer.press('Control+Enter');
    await expect(it.thread.composer).toHaveValue('', { timeout: 1_000 });
  }).toPass();
  await it.thread.stored('Only now');
  const list = await open(ayesha, '/scheduled');
  await expect(list.page.getByText('Nothing is scheduled.')).toBeVisible();
  expect(await (await bilal.device()).texts(conversation)).toEqual(['Only now']);
});

test('what cannot be sent at its time is told with the reason, and its text is kept', async ({
  signUp,
  noise,
}) => {
  // Sending it by hand is refused, too.
  noise.expect(/status of 404/);
  const [meera, zoya] = await Promise.all([signUp('Meera'), signUp('Zoya')]);
  const conversation = await meera.createGroup('Cricket', [zoya]);
  const hers = await open(zoya, '/');
  const device = await meera.device();
  await zoya.schedule(conversation, 'My turn to bring the ball', 3_000);
  await device.ask(conversation, { remove: { user: zoya.person.id } });
  const unsent = hers.page.getByTestId('later-unsent');
  await expect(unsent).toContainText('1 scheduled message was not sent');
  await unsent.getByRole('link', { name: 'Look at it' }).click();
  const item = hers.item('My turn to bring the ball');
  await expect(item).toContainText('you are not in the conversation any more');
  await expect(item.getByRole('button', { name: 'Copy text' })).toBeVisible();
  await item.getByRole('button', { name: 'Send now' }).click();
  await expect(hers.page.getByRole('alert').filter({ hasText: /\S/ }).first()).toBeVisible();
  await item.getByRole('button', { name: 'Delete' }).click();
  // It could not be scheduled again.
  const question = hers.page.getByRole('dialog', { name: 'Delete this message?' });
  await expect(question).toContainText('My turn to bring the ball');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(item).toBeVisible();
  await item.getByRole('button', { name: 'Delete' }).click();
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(hers.items).toHaveCount(0);
  await expect(unsent).toHaveCount(0);
  await expect(hers.page.getByTestId('undo')).toHaveCount(0);
  expect((await device.texts(conversation)).includes('My turn to bring the ball')).toBe(false);
});

test('without script what waits is read, sent and deleted', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await ayesha.schedule(conversation, 'first', 24 * HOUR);
  await ayesha.schedule(conversation, 'second', 25 * HOUR);
  const it = await open(ayesha, '/scheduled', { javaScriptEnabled: false });
  await expect(it.items).toHaveCount(2);
  await expect(it.item('first').getByRole('button', { name: 'Change' })).toBeHidden();
  await it.item('first').getByRole('button', { name: 'Delete' }).click();
  await expect(it.items).toHaveCount(1);
  await it.item('second').getByRole('button', { name: 'Send now' }).click();
  await expect(it.items).toHaveCount(0);
  const device = await bilal.device();
  await expect.poll(() => device.texts(conversation)).toEqual(['second']);
});
