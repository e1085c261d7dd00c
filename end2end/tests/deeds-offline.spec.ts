import { expectAccessible } from '../support/axe.ts';
import { ANSWER, Deeds, QUESTION, stored, together } from '../support/deeds.ts';
import { SocketGate } from '../support/gate.ts';
import { alive } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

test('an edit and a reaction that were made offline arrive once', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const [hers, his] = await together(pair);
  const context = hers.page.context();
  await context.setOffline(true);
  await hers.pick(ANSWER, 'Edit');
  await hers.thread.write('Haan, at six');
  await hers.open(QUESTION);
  await hers.item('🙏').click();
  await hers.reacted(QUESTION, '🙏', 1, true);
  await hers.thread.endsWith(QUESTION, 'Haan, at six');
  for (const text of [QUESTION, 'Haan, at six']) {
    await expect(hers.thread.message(text)).toContainText('change not saved yet');
  }
  await his.thread.endsWith(QUESTION, ANSWER);

  await context.setOffline(false);
  await his.thread.endsWith(QUESTION, 'Haan, at six');
  await his.reacted(QUESTION, '🙏', 1, false);
  await expect(hers.page.getByTestId('waiting')).toHaveCount(0);
  const device = await pair.bilal.device();
  const changes = (await device.history(pair.conversation)).filter(
    ({ content }) => typeof content === 'object' && 'change' in content,
  );
  expect(changes).toHaveLength(2);
});

test('a reaction that is set and taken back while offline was never made', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const [hers] = await together(pair);
  await hers.page.context().setOffline(true);
  await hers.open(QUESTION);
  await hers.item('🙏').click();
  await hers.chip(QUESTION, '🙏').click();
  await expect(hers.chip(QUESTION, '🙏')).toHaveCount(0);
  await hers.page.context().setOffline(false);
  await hers.thread.write('back again');
  await hers.thread.stored('back again');
  const device = await pair.bilal.device();
  expect(await device.history(pair.conversation)).toHaveLength(3);
});

test('a message that was not sent yet is taken back into the composer', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const [hers] = await together(pair);
  await hers.page.context().setOffline(true);
  await hers.thread.message(QUESTION).hover();
  await hers.tool(hers.thread.message(QUESTION), 'Reply').click();
  await hers.thread.write('With biscits');
  await hers.thread.composer.press('ArrowUp');
  await expect(hers.thread.composer).toHaveValue('With biscits');
  await expect(hers.mode).toContainText(`Replying to ${pair.bilal.name}`);
  await hers.thread.endsWith(QUESTION, ANSWER);
  await hers.thread.write('With biscuits');
  await hers.page.context().setOffline(false);
  await hers.thread.stored('With biscuits');
  const device = await pair.bilal.device();
  expect(await device.texts(pair.conversation)).toEqual([QUESTION, ANSWER, 'With biscuits']);
});

test('a refused change is told: a trifle is put aside, an edit waits for a word', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [QUESTION]);
  await seed(ayesha, conversation, [ANSWER]);
  const page = await (await ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  const hers = new Deeds(new Thread(page));
  await hers.thread.endsWith(QUESTION, ANSWER);
  await gate.cut();
  await hers.pick(ANSWER, 'Edit');
  await hers.thread.write('Haan, at six');
  await hers.open(QUESTION);
  await hers.item('🙏').click();
  // Meanwhile both are deleted, hers from another device.
  const [his, other] = [await bilal.device(), await ayesha.device()];
  await his.ask(conversation, { delete: { target: 1 } });
  await other.ask(conversation, { delete: { target: 2 } });
  gate.mend();
  await page.reload();
  await alive(page);
  const refused = page.getByTestId('refused');
  await expect(refused).toContainText('The edit was not saved');
  await expect(page.getByTestId('announcer').getByRole('alert')).not.toBeEmpty();
  await expectAccessible(page, 'a refused edit');
  await refused.getByRole('button', { name: 'Discard' }).click();
  await expect(refused).toHaveCount(0);
  await hers.focusIsSomewhere();
  await expect.poll(() => stored(page)).not.toContain('Haan, at six');
  expect(await stored(page)).not.toContain('🙏');
});
