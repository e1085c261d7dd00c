import type { Page } from '@playwright/test';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, row, Thread } from '../support/thread.ts';

const isHeadlessShell = process.env.E2E_CHROMIUM?.includes('headless') ?? false;

/**
 * Lets another window come to the front, and this one again. A browser without windows thinks
 * that each of its pages is in front, and is told.
 */
async function windowFocus(page: Page): Promise<(focused: boolean) => Promise<void>> {
  const context = page.context();
  const session = await context.newCDPSession(page);
  await (await context.newPage()).bringToFront();
  return async (enabled) => {
    await session.send('Emulation.setFocusEmulationEnabled', { enabled });
    if (isHeadlessShell) {
      await page.evaluate((has) => {
        document.hasFocus = () => has;
        window.dispatchEvent(new Event(has ? 'focus' : 'blur'));
      }, enabled);
    }
    await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(enabled);
  };
}

test('the list counts what is unread, and opening it clears every device', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  const laptop = await bilal.open('/');
  const phone = await bilal.open('/', PHONE);
  const device = await ayesha.device();
  await device.send(conversation, 'one');
  for (const page of [laptop, phone]) {
    await expect(row(page, ayesha.name)).toContainText('1 unread message');
  }
  await device.sendAll(conversation, ['two', 'three']);
  for (const page of [laptop, phone]) {
    await expect(row(page, ayesha.name)).toContainText('3 unread messages');
    await expect(row(page, ayesha.name)).toContainText('three');
    await expect(page).toHaveTitle(/^\(3\) /);
  }

  await row(phone, ayesha.name).click();
  await new Thread(phone).endsWith('one', 'two', 'three');
  await expect(row(laptop, ayesha.name)).not.toContainText('unread');
  await expect(laptop).not.toHaveTitle(/^\(/);
  expect((await bilal.summary(conversation)).unread).toBe(0);
});

test('what is written elsewhere counts there, and stands nowhere else', async ({ pair, signUp }) => {
  const { ayesha, bilal, path } = pair;
  const sana = await signUp('Sana');
  const elsewhere = await ayesha.openDirect(sana);
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.write('to Bilal');
  const device = await sana.device();
  await device.send(elsewhere, 'from Sana');
  await expect(row(page, sana.name)).toContainText('1 unread message');
  await expect(row(page, sana.name)).toContainText('from Sana');
  await expect(page).toHaveTitle(/^\(1\) /);
  await thread.endsWith('to Bilal');
  await expect(row(page, bilal.name)).not.toContainText('unread');
});

test('only what is looked at is read', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(ayesha, conversation, numbered(60));
  const page = await (await bilal.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  await thread.composer.press('End');
  await thread.pill.or(thread.message('message 60')).first().waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await bilal.summary(conversation)).unread).toBe(0);
  const reads = gate.count('mark_read');
  const device = await ayesha.device();

  const focus = await windowFocus(page);
  await focus(false);
  await device.send(conversation, 'unseen');
  await thread.endsWith('unseen');
  await expect.poll(async () => (await bilal.summary(conversation)).unread).toBe(1);
  expect(gate.count('mark_read')).toBe(reads);
  await focus(true);
  await expect.poll(async () => (await bilal.summary(conversation)).unread).toBe(0);
  expect(gate.count('mark_read')).toBe(reads + 1);

  // The window is in front, but its reader is among older messages.
  await thread.scrollUp(1_500);
  await expect.poll(() => thread.distance()).toBeGreaterThan(500);
  await device.send(conversation, 'below the fold');
  await expect(thread.pill).toHaveText(/1 new message/);
  await expect.poll(async () => (await bilal.summary(conversation)).unread).toBe(1);
  expect(gate.count('mark_read')).toBe(reads + 1);
  await thread.pill.click();
  await expect.poll(async () => (await bilal.summary(conversation)).unread).toBe(0);
  expect(gate.count('mark_read')).toBe(reads + 2);
});

test('the divider stands before the first unread message and stays there', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, ['from Bilal himself']);
  await seed(ayesha, conversation, numbered(60));
  const page = await bilal.open('/');
  await expect(row(page, ayesha.name)).toContainText('60 unread messages');
  await row(page, ayesha.name).click();
  await expect(page).toHaveURL(path);
  const thread = new Thread(page);
  await expect(thread.divider).toBeVisible();
  await expect(thread.divider).toContainText('New messages');

  const header = (await thread.header.boundingBox()) ?? { y: 0, height: 0 };
  const distance = async (): Promise<number> =>
    (await thread.top(thread.divider)) - header.y - header.height;
  await expect.poll(distance).toBeGreaterThanOrEqual(0);
  expect(await distance()).toBeLessThanOrEqual(96);
  const follows = thread.divider.locator('xpath=following::article[1]');
  await expect(follows).toContainText('message 1');

  const before = await thread.top(thread.divider);
  await seed(ayesha, conversation, ['and one more']);
  await expect(thread.pill).toBeVisible();
  expect(Math.abs((await thread.top(thread.divider)) - before)).toBeLessThanOrEqual(1);
  await expect(follows).toContainText('message 1');

  await thread.pill.click();
  await thread.write('I have seen them');
  await expect(thread.divider).toHaveCount(0);
});

test('opening a conversation without news shows its end and no divider', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(60));
  const page = await bilal.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 60');
  await expect(thread.message('message 60')).toBeInViewport();
  expect(await thread.distance()).toBe(0);
  await expect(thread.divider).toHaveCount(0);
  expect((await ayesha.summary(conversation)).unread).toBe(60);
});
