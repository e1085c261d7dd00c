import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { ANSWER, Deeds, QUESTION, stored, together } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const DESK = { viewport: { width: 1440, height: 900 } };

/** The list of saved messages on a page. */
class SavedList {
  readonly page: Page;
  readonly rows: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rows = page.getByTestId('saved-item');
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text });
  }

  remove(text: string): Locator {
    return this.page.getByRole('button', { name: `Remove from saved: ${text}` });
  }
}

function mark(deeds: Deeds, text: string): Locator {
  return deeds.thread.message(text).getByTestId('saved-mark');
}

for (const [name, screen] of [
  ['phone', PHONE],
  ['desk', DESK],
] as const) {
  test(`what one device saves is marked and listed on the others, and leads back: ${name}`, async ({
    pair,
  }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, [QUESTION, ...numbered(3)]);
    const here = new Deeds(new Thread(await ayesha.open(path, screen)));
    const there = new Deeds(new Thread(await ayesha.open(path)));
    const list = new SavedList(await ayesha.open('/saved', screen));
    await expect(list.page.getByTestId('saved-empty')).toContainText('You have saved nothing yet');
    await expectAccessible(list.page, 'nothing saved');
    if (name === 'phone') {
      await here.rest(QUESTION);
      await here.item('Save').tap();
    } else {
      await here.pick(QUESTION, 'Save');
    }
    await expect(here.spoken).toHaveText('Saved. You find it under “Saved messages”.');
    await here.focusIsSomewhere();
    for (const it of [here, there]) {
      await expect(mark(it, QUESTION)).toHaveText('Saved');
      await expect(mark(it, 'message 1')).toHaveCount(0);
    }
    // The list is brought up to date while it is looked at.
    const saved = list.row(QUESTION);
    await expect(saved).toContainText(bilal.name);
    await expectAccessible(list.page, 'saved messages');
    await saved.getByRole('link').click();
    await expect(list.page).toHaveURL(new RegExp(`${path}\\?at=1`));
    await expect(new Thread(list.page).message(QUESTION)).toBeFocused();
  });
}

test('what is removed goes from the other device at once and comes back with the way back', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION, ANSWER]);
  const thread = new Deeds(new Thread(await ayesha.open(path)));
  await thread.pick(QUESTION, 'Save');
  await thread.pick(ANSWER, 'Save');
  await expect(mark(thread, ANSWER)).toHaveCount(1);
  const pages = await Promise.all([ayesha.open('/saved', PHONE), ayesha.open('/saved')]);
  const [phone, desk] = pages.map((page) => new SavedList(page)) as [SavedList, SavedList];
  // The one saved last is the first.
  await expect(phone.rows).toContainText([ANSWER, QUESTION]);
  await phone.remove(QUESTION).tap();
  await expect(phone.rows.nth(1)).toContainText('Removed.');
  await expect(phone.rows.nth(1).getByRole('button', { name: 'Undo' })).toBeFocused();
  await expect(desk.rows.nth(1)).toContainText('Removed.');
  await expect(mark(thread, QUESTION)).toHaveCount(0);
  await phone.page.keyboard.press('Enter');
  await expect(phone.row(QUESTION)).toBeVisible();
  await expect(phone.remove(QUESTION)).toBeFocused();
  await expect(desk.row(QUESTION)).toBeVisible();
  await expect(mark(thread, QUESTION)).toHaveCount(1);
  await thread.pick(QUESTION, 'Remove from saved');
  await expect(desk.rows.filter({ hasText: 'Removed.' })).toHaveCount(1);
  await desk.page.reload();
  await alive(desk.page);
  await expect(desk.rows).toContainText([ANSWER]);
});

test('by keyboard from the toolbar, and the button keeps the focus', async ({ pair }) => {
  const [deeds] = await together(pair);
  const tool = deeds.tool(deeds.thread.message(QUESTION), 'Save');
  await deeds.thread.message(QUESTION).focus();
  await tool.focus();
  for (const pressed of ['true', 'false']) {
    await deeds.page.keyboard.press('Enter');
    await expect(tool).toHaveAttribute('aria-pressed', pressed);
    await expect(tool).toBeFocused();
  }
  await expect(mark(deeds, QUESTION)).toHaveCount(0);
});

test('a deleted message says so, and one of a group that was left says nothing', async ({
  pair,
  signUp,
}) => {
  const { ayesha, bilal, conversation, path } = pair;
  const sana = await signUp('Sana');
  await seed(bilal, conversation, [QUESTION]);
  const group = await bilal.createGroup('Cricket', [ayesha, sana]);
  await seed(bilal, group, ['the secret']);
  const page = await ayesha.open(path);
  await new Deeds(new Thread(page)).pick(QUESTION, 'Save');
  await page.goto(`/c/${group}`);
  await alive(page);
  const deeds = new Deeds(new Thread(page));
  await deeds.pick('the secret', 'Save');
  await expect(mark(deeds, 'the secret')).toHaveCount(1);
  const list = new SavedList(await ayesha.open('/saved'));
  await expect(list.rows).toContainText(['the secret', QUESTION]);

  await (await bilal.device()).ask(conversation, { delete: { target: 1 } });
  await (await ayesha.device()).ask(group, 'leave');
  await list.page.reload();
  await alive(list.page);
  await expect(list.rows).toContainText([
    'You cannot read this message any more.',
    'This message was deleted.',
  ]);
  await expect(list.page.getByRole('main')).not.toContainText('Cricket');
  await list.remove('You cannot read this message any more.').click();
  await expect(list.rows.first()).toContainText('Removed.');
});

test('what is saved offline stays so through a reload and arrives', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION]);
  const list = new SavedList(await ayesha.open('/saved'));
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  const deeds = new Deeds(new Thread(page));
  await gate.cut();
  await deeds.pick(QUESTION, 'Save');
  await expect(mark(deeds, QUESTION)).toHaveCount(1);
  await expect.poll(() => stored(page)).toContain('\\"on\\":true}');
  await page.reload();
  await alive(page);
  await expect(mark(deeds, QUESTION)).toHaveCount(1);
  await expect(list.rows).toHaveCount(0);
  gate.mend();
  await expect(list.row(QUESTION)).toBeVisible();
  expect(gate.count('save')).toBe(1);
});

test('many are shown in pages, and without a script too', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seed(bilal, conversation, numbered(22));
  const device = await ayesha.device();
  for (let seq = 1; seq <= 22; seq += 1) {
    await device.save(conversation, seq);
  }
  const list = new SavedList(await ayesha.open('/saved'));
  await expect(list.rows).toHaveCount(20);
  await expect(list.rows.first()).toContainText('message 22');
  await list.page.getByTestId('saved-more').click();
  await expect(list.rows).toHaveCount(22);
  await expect(list.page.getByTestId('saved-more')).toHaveCount(0);

  const plain = new SavedList(await (await ayesha.browser({ javaScriptEnabled: false })).newPage());
  await plain.page.goto('/saved');
  await plain.remove('message 22').click();
  await expect(plain.rows.first()).toContainText('message 21');
  await plain.page.getByTestId('saved-more').click();
  await expect(plain.rows).toHaveCount(1);
  await expect(plain.rows).toContainText('message 1');
});
