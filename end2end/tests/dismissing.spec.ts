import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { ANSWER, Deeds, QUESTION, stored, together } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const DESK = { viewport: { width: 1440, height: 900 } };

async function open(page: Promise<Page>): Promise<Deeds> {
  return new Deeds(new Thread(await page));
}

for (const [name, screen] of [
  ['phone', PHONE],
  ['desk', DESK],
] as const) {
  test(`what one deletes for oneself is gone from all one's devices, and from nobody else: ${name}`, async ({
    pair,
  }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, ['before', 'not for me']);
    const here = await open(ayesha.open(path, screen));
    const there = await open(ayesha.open(path));
    const theirs = new Thread(await bilal.open(path));
    await expect.poll(() => stored(there.page)).toContain('not for me');
    if (name === 'phone') {
      await here.rest('not for me');
      await here.item('Delete for me').tap();
    } else {
      await here.pick('not for me', 'Delete for me');
    }
    await expect(here.spoken).toHaveText('1 message deleted for you');
    await here.focusIsSomewhere();
    for (const { thread, page } of [here, there]) {
      await thread.endsWith('before');
      await expect.poll(() => stored(page)).not.toContain('not for me');
      expect(await page.getByRole('main').textContent()).not.toContain('not for me');
    }
    await expectAccessible(here.page, 'the way back after deleting for oneself');
    await there.page.reload();
    await alive(there.page);
    await there.thread.endsWith('before');
    expect(await there.page.content()).not.toContain('not for me');
    await theirs.endsWith('before', 'not for me');

    await here.page.getByTestId('undo').getByRole('button', { name: 'Undo' }).click();
    for (const { thread } of [here, there]) {
      await thread.endsWith('before', 'not for me');
    }
    await expect(here.thread.message('not for me')).toBeFocused();
  });
}

test('the question before a deletion offers both, and several go together', async ({ pair }) => {
  const [hers, his] = await together(pair);
  await hers.pick(ANSWER, 'Delete');
  await expectAccessible(hers.page, 'deleting for everybody or for oneself');
  await hers.dialog.getByRole('button', { name: 'Delete for me' }).click();
  await hers.thread.endsWith(QUESTION);
  await his.thread.endsWith(QUESTION, ANSWER);
  await hers.page.getByRole('button', { name: 'Undo' }).click();
  await hers.thread.endsWith(QUESTION, ANSWER);
  await hers.pick(QUESTION, 'Select');
  await hers.thread.message(ANSWER).click();
  const bar = hers.page.getByTestId('selection-bar');
  await bar.getByRole('button', { name: 'Delete for me' }).click();
  await expect(hers.spoken).toHaveText('2 messages deleted for you');
  await expect(hers.thread.messages).toHaveCount(0);
  await expect(bar).toHaveCount(0);
  await his.thread.endsWith(QUESTION, ANSWER);
});

test('what is deleted offline stays so through a reload and arrives', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, ['before', 'not for me']);
  const other = new Thread(await ayesha.open(path));
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  const deeds = new Deeds(new Thread(page));
  await gate.cut();
  await deeds.pick('not for me', 'Delete for me');
  await deeds.thread.endsWith('before');
  await expect.poll(() => stored(page)).toContain('\\"dismissal\\"');
  await page.reload();
  await alive(page);
  await deeds.thread.endsWith('before');
  await other.endsWith('before', 'not for me');
  gate.mend();
  await other.endsWith('before');
  expect(gate.count('dismiss')).toBe(1);
});

test('a conversation is cleared for oneself, by keyboard, and goes on', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(40));
  const { page, thread } = await open(ayesha.open(path, PHONE));
  await thread.endsWith('message 40');
  const menu = page.getByTestId('conversation-menu');
  await page.getByRole('button', { name: `Actions for ${bilal.name}` }).press('Enter');
  await menu.getByRole('button', { name: 'Clear conversation' }).press('Enter');
  await expect(menu).toContainText('The others keep it.');
  await expectAccessible(page, 'clearing a conversation');
  await menu.getByRole('button', { name: 'Clear for me' }).press('Enter');
  await expect(thread.messages).toHaveCount(0);
  await seed(bilal, conversation, ['and on']);
  await thread.endsWith('and on');
  await page.reload();
  await alive(page);
  await expect(thread.messages).toHaveCount(1);
  await new Thread(await bilal.open(path)).endsWith('message 40', 'and on');
});
