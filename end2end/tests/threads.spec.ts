import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { QUESTION, stored } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, type Pair, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const DESK = { viewport: { width: 1440, height: 900 } };
const SCREENS = [
  ['phone', PHONE],
  ['desk', DESK],
] as const;

/** What stands in the field of a thread, as it lies on the device: a text in a text. */
const KEPT = String.raw`\"answer\":`;

/** A thread beside its conversation, or over it. */
class Side {
  readonly page: Page;
  readonly panel: Locator;
  readonly rows: Locator;
  readonly field: Locator;
  /** The line under a message that was answered. */
  readonly line: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByRole('region', { name: 'Thread' }).and(page.locator('.thread-side'));
    this.rows = this.panel.getByRole('article');
    this.field = this.panel.getByRole('textbox', { name: 'Answer in this thread' });
    this.line = page.locator('.thread-line');
  }

  async says(...texts: string[]): Promise<void> {
    await expect(this.rows.locator('.bubble')).toHaveText(texts);
  }

  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Control+Enter');
    await expect(this.field).toHaveValue('');
  }
}

/** A question with an answer and something else after it. */
async function answered({ ayesha, bilal, conversation }: Pair): Promise<void> {
  await seed(bilal, conversation, [QUESTION]);
  const device = await ayesha.device();
  await device.ask(conversation, { text: { text: 'gladly', reply_to: 1 } });
  await seed(bilal, conversation, ['and the weather']);
}

for (const [name, screen] of SCREENS) {
  test(`a thread is opened from its root, written in, and left: ${name}`, async ({ pair }) => {
    await answered(pair);
    const { ayesha, bilal, path } = pair;
    const [hers, his] = [
      new Side(await ayesha.open(path, screen)),
      new Side(await bilal.open(path)),
    ];
    await expect(hers.line).toContainText('1 answer');
    if (name === 'phone') {
      await hers.line.tap();
    } else {
      await hers.line.click();
      await expect(hers.field).toBeFocused();
    }
    await expect(hers.page).toHaveURL(new RegExp(`${path}/t-1$`));
    await hers.says(QUESTION, 'gladly');
    await expectAccessible(hers.page, `a thread, ${name}`);
    await hers.write('at five');
    await hers.says(QUESTION, 'gladly', 'at five');
    // It stands in the conversation of the others, and is counted under the question.
    await expect(his.line).toContainText('2 answers');
    await expect(new Thread(his.page).message('at five')).toBeVisible();
    await his.line.click();
    await his.write('biscuits too');
    await hers.says(QUESTION, 'gladly', 'at five', 'biscuits too');
    if (name === 'phone') {
      await hers.panel.getByRole('link', { name: 'Back' }).tap();
    } else {
      await hers.page.keyboard.press('Escape');
    }
    await expect(hers.panel).toHaveCount(0);
    await expect(hers.page).toHaveURL(new RegExp(`${path}$`));
    await expect(hers.line).toContainText('3 answers');
  });
}

test('by keyboard: from the message to its thread, and back to its line', async ({ pair }) => {
  await answered(pair);
  const side = new Side(await pair.bilal.open(pair.path, DESK));
  await new Thread(side.page).message(QUESTION).focus();
  await side.line.focus();
  await side.page.keyboard.press('Enter');
  await expect(side.field).toBeFocused();
  await side.page.keyboard.press('Escape');
  await expect(side.panel).toHaveCount(0);
  await expect(side.line).toBeFocused();
});

test('the address of a thread shows it, also anew and in the history', async ({ pair }) => {
  await answered(pair);
  const side = new Side(await pair.bilal.open(`${pair.path}/t-1`, DESK));
  await side.says(QUESTION, 'gladly');
  await expect(new Thread(side.page).message('and the weather')).toBeVisible();
  await side.page.reload();
  await alive(side.page);
  await side.says(QUESTION, 'gladly');
  await side.panel.getByRole('link', { name: 'Close' }).click();
  await expect(side.panel).toHaveCount(0);
  await side.line.click();
  await side.says(QUESTION, 'gladly');
  await side.page.goBack();
  await expect(side.panel).toHaveCount(0);
});

test('an answer that was written offline waits in the thread and is sent', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  await answered(pair);
  const page = await (await pair.ayesha.browser(DESK)).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(`${pair.path}/t-1`);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  const side = new Side(page);
  await side.says(QUESTION, 'gladly');
  await gate.cut();
  await side.write('waits');
  await expect(side.rows.last().locator('[data-delivery]')).toHaveAttribute(
    'data-delivery',
    'sending',
  );
  gate.mend();
  await expect(side.rows.last().locator('[data-delivery]')).toHaveCount(0);
  await expect(side.line).toContainText('2 answers');
});

test('earlier answers are loaded, and those in between are not left out', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION]);
  const device = await ayesha.device();
  for (const text of numbered(54)) {
    await device.ask(conversation, { text: { text, reply_to: 1 } });
  }
  const side = new Side(await bilal.open(`${path}/t-1`, PHONE));
  await expect(side.rows).toHaveCount(51);
  await side.panel.getByRole('button', { name: 'Show earlier answers' }).tap();
  await side.says(QUESTION, ...numbered(54));
  await expect(side.panel.getByRole('button', { name: 'Show earlier answers' })).toHaveCount(0);
});

test('earlier answers that could not be loaded are what is asked for again', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION]);
  const device = await ayesha.device();
  for (const text of numbered(54)) {
    await device.ask(conversation, { text: { text, reply_to: 1 } });
  }
  const side = new Side(await bilal.open(`${path}/t-1`, DESK));
  await expect(side.rows).toHaveCount(51);
  await side.page.route('**/api/thread*', (route) => route.abort());
  await side.panel.getByRole('button', { name: 'Show earlier answers' }).click();
  await expect(side.panel.getByRole('alert')).toContainText('The thread could not be loaded.');
  await side.page.unroute('**/api/thread*');
  await side.panel.getByRole('button', { name: 'Retry' }).click();
  await side.says(QUESTION, ...numbered(54));
  await expect(side.panel.getByRole('alert')).toHaveCount(0);
});

test('answers of others are new until the thread was looked at', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(ayesha, conversation, [QUESTION]);
  const device = await bilal.device();
  for (const text of ['gladly', 'at five']) {
    await device.ask(conversation, { text: { text, reply_to: 1 } });
  }
  const side = new Side(await ayesha.open(path, DESK));
  await expect(side.line).toContainText('2 new');
  await side.line.click();
  await side.says(QUESTION, 'gladly', 'at five');
  await expect(side.line).not.toContainText('new');
});

for (const where of ['on the same device', 'on another device']) {
  test(`what was seen in a thread is seen when the page is opened anew: ${where}`, async ({ pair }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(ayesha, conversation, [QUESTION]);
    const device = await bilal.device();
    await device.ask(conversation, { text: { text: 'gladly', reply_to: 1 } });
    // On a phone the thread covers the conversation, which is not read then.
    const phone = await ayesha.browser(PHONE);
    const page = await phone.newPage();
    const gate = await SocketGate.before(page);
    await page.goto(`${path}/t-1`);
    await alive(page);
    await new Side(page).says(QUESTION, 'gladly');
    await expect.poll(() => gate.count('see_thread')).toBe(1);
    expect((await ayesha.summary(conversation)).unread).toBe(1);
    await page.close();
    const again = where === 'on the same device' ? phone : await ayesha.browser(DESK);
    const later = await again.newPage();
    await later.goto(path);
    await alive(later);
    const side = new Side(later);
    await expect(side.line).toContainText('1 answer');
    await expect(side.line).not.toContainText('new');
  });
}

test('what a thread covers is not read: phone', async ({ pair }) => {
  await answered(pair);
  const { ayesha, bilal, conversation, path } = pair;
  const side = new Side(await bilal.open(path, PHONE));
  await expect.poll(async () => (await bilal.summary(conversation)).unread).toBe(0);
  await side.line.tap();
  await side.says(QUESTION, 'gladly');
  const device = await ayesha.device();
  await device.send(conversation, 'come quickly');
  await device.ask(conversation, { text: { text: 'with biscuits', reply_to: 1 } });
  // Long enough in sight to be read, if it were.
  await side.says(QUESTION, 'gladly', 'with biscuits');
  await side.write('seen here');
  await expect.poll(async () => (await bilal.summary(conversation)).last_seq).toBe(6);
  expect((await bilal.summary(conversation)).unread).toBe(2);
  await side.panel.getByRole('link', { name: 'Back' }).tap();
  await expect.poll(async () => (await bilal.summary(conversation)).unread).toBe(0);
});

for (const [name, screen] of SCREENS) {
  test(`what is written in a thread is kept when it is left: ${name}`, async ({ pair }) => {
    await answered(pair);
    const { ayesha, bilal, conversation, path } = pair;
    await (await ayesha.device()).ask(conversation, { text: { text: 'umbrella', reply_to: 3 } });
    const side = new Side(await bilal.open(path, screen));
    const open = async (nth: number) =>
      name === 'phone' ? side.line.nth(nth).tap() : side.line.nth(nth).click();
    await open(0);
    await side.says(QUESTION, 'gladly');
    await side.field.fill('with cardamom');
    if (name === 'phone') {
      await side.panel.getByRole('link', { name: 'Back' }).tap();
    } else {
      await side.page.keyboard.press('Escape');
    }
    await expect(side.panel).toHaveCount(0);
    await open(1);
    await side.says('and the weather', 'umbrella');
    await expect(side.field).toHaveValue('');
    await side.page.goBack();
    await open(0);
    await expect(side.field).toHaveValue('with cardamom');
    await side.field.press('Control+Enter');
    await side.says(QUESTION, 'gladly', 'with cardamom');
    await expect(side.field).toHaveValue('');
    // What was sent is not put back.
    await side.page.goBack();
    await expect(side.panel).toHaveCount(0);
    await open(0);
    await side.says(QUESTION, 'gladly', 'with cardamom');
    await expect(side.field).toHaveValue('');
  });
}

test('what is written in a thread outlives the page, and goes when it is sent', async ({ pair }) => {
  await answered(pair);
  const page = await pair.bilal.open(`${pair.path}/t-1`, DESK);
  const side = new Side(page);
  await side.says(QUESTION, 'gladly');
  await side.field.fill('with cardamom');
  await expect.poll(() => stored(page)).toContain(KEPT);
  await page.reload();
  await alive(page);
  await expect(side.field).toHaveValue('with cardamom');
  await expect(page.locator('#composer')).toHaveValue('');
  await side.field.press('Control+Enter');
  await side.says(QUESTION, 'gladly', 'with cardamom');
  await expect(side.field).toHaveValue('');
  await expect.poll(() => stored(page)).not.toContain(KEPT);
  await page.reload();
  await alive(page);
  await side.says(QUESTION, 'gladly', 'with cardamom');
  await expect(side.field).toHaveValue('');
});

test('keys typed in a thread are written there and in no other field', async ({ pair }) => {
  await answered(pair);
  const side = new Side(await pair.bilal.open(`${pair.path}/t-1`, DESK));
  await side.says(QUESTION, 'gladly');
  await side.panel.locator('.thread-answers').focus();
  await side.page.keyboard.type('yes');
  await expect(side.field).toBeFocused();
  await expect(side.field).toHaveValue('yes');
  await expect(side.page.locator('#composer')).toHaveValue('');
  await new Thread(side.page).message('and the weather').focus();
  await side.page.keyboard.type('rain');
  await expect(side.page.locator('#composer')).toHaveValue('rain');
});

test('an answer is sent once, and what cannot be one says why', async ({ pair }) => {
  await answered(pair);
  const side = new Side(await pair.bilal.open(`${pair.path}/t-1`, DESK));
  await side.says(QUESTION, 'gladly');
  await side.field.fill('at five');
  // The second comes before the first is stored.
  await side.field.evaluate((field) => {
    const key = { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent('keydown', key));
    field.dispatchEvent(new KeyboardEvent('keydown', key));
  });
  await expect(side.field).toHaveValue('');
  await side.write('and biscuits');
  await side.says(QUESTION, 'gladly', 'at five', 'and biscuits');

  await side.field.fill('\u001b[31mred');
  await side.field.press('Control+Enter');
  const note = side.page.locator('#thread-composer-note');
  await expect(note).toHaveText('This contains characters that are not allowed.');
  await expect(side.field).toHaveValue('\u001b[31mred');
  await side.field.fill('red');
  await expect(note).toHaveText('');
  await side.field.press('Control+Enter');
  await side.says(QUESTION, 'gladly', 'at five', 'and biscuits', 'red');
});

test('without a script the thread is a page', async ({ pair }) => {
  await answered(pair);
  const page = await pair.bilal.open(pair.path, { javaScriptEnabled: false });
  await page.locator('.thread-line').click();
  const side = new Side(page);
  await side.says(QUESTION, 'gladly');
  await expect(side.panel).toContainText('1 answer');
});
