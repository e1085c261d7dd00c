import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds } from '../support/deeds.ts';
import { inGroup } from '../support/in-group.ts';
import { press, pressUntil } from '../support/keys.ts';
import { PHONE, type Account } from '../support/people.ts';
import { expect } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

const test = inGroup(['Meera', 'Imran', 'زویا Khan'], 'Chai');

const QUESTION = 'Chai at 5?';
/** The least that a finger hits. */
const FINGER = 44;

function dialog(page: Page): Locator {
  return page.getByTestId('about-message');
}

/** Who reacted with an emoji, in the dialog. */
function reactors(page: Page, emoji: string): Locator {
  const heading = page.getByRole('heading', { name: new RegExp(`^${emoji} `, 'u') });
  return dialog(page).getByTestId('reactors').filter({ has: heading });
}

async function react(who: Account, conversation: string, target: number, emoji: string): Promise<void> {
  await (await who.device()).ask(conversation, { react: { target, emoji, on: true } });
}

test('a finger that rests on a reaction is told whose it is, and a tap goes on toggling it', async ({
  group,
}) => {
  const { meera, imran, zoya, conversation, path } = group;
  const { seq } = await (await meera.device()).send(conversation, QUESTION);
  await react(imran, conversation, seq, '👍');
  await react(zoya, conversation, seq, '🎉');
  const [hers, his] = await Promise.all(
    [meera, imran].map(async (who) => new Deeds(new Thread(await who.open(path, PHONE)))),
  );
  if (hers === undefined || his === undefined) {
    throw new Error('two people');
  }
  const { page } = hers;
  const chip = hers.chip(QUESTION, '👍');
  const box = await chip.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(FINGER);
  await hers.restOn(chip, dialog(page));
  await expect(dialog(page)).toHaveAccessibleName('Reactions');
  await expect(reactors(page, '👍').getByRole('listitem')).toHaveText([/Imran/]);
  await expect(reactors(page, '🎉').getByRole('listitem')).toHaveText([/زویا Khan/]);
  await expectAccessible(page, 'who reacted, on a phone');
  // The finger asked, and changed nothing.
  await his.reacted(QUESTION, '👍', 1, true);
  // It is followed while it is open.
  await his.chip(QUESTION, '🎉').tap();
  await expect(reactors(page, '🎉').getByRole('listitem')).toHaveText([/زویا Khan/, /Imran/]);
  await dialog(page).getByRole('button', { name: 'Close' }).tap();
  await expect(dialog(page)).toBeHidden();
  await hers.focusIsSomewhere();

  await chip.tap();
  await expect(dialog(page)).toBeHidden();
  await his.reacted(QUESTION, '👍', 2, true);
  await hers.rest(QUESTION);
  await hers.item('Reactions').tap();
  await expect(reactors(page, '👍').getByRole('listitem')).toHaveText([/Imran/, /Meera/]);
  await (await meera.device()).ask(conversation, { delete: { target: seq } });
  await expect(dialog(page)).toContainText('The message was deleted.');
});

test('by keyboard alone: from the message to who reacted and back', async ({ group }) => {
  const { meera, imran, zoya, conversation, path } = group;
  const { seq } = await (await meera.device()).send(conversation, QUESTION);
  await react(imran, conversation, seq, '👍');
  await react(zoya, conversation, seq, '👍');
  // Whoever has left is none of the members, whose names a page is given.
  await (await zoya.device()).ask(conversation, 'leave');
  const page = await meera.open(path, { viewport: { width: 1440, height: 900 } });
  const deeds = new Deeds(new Thread(page));
  const message = deeds.thread.message(QUESTION);
  // What is typed goes to the composer.
  await press(page, 'x', 'Backspace');
  await expect(deeds.thread.composer).toBeFocused();
  await pressUntil(page, 'Shift+Tab', message);
  await press(page, 'Enter');
  await pressUntil(page, 'ArrowRight', deeds.tool(message, 'More actions'));
  await press(page, 'Enter');
  await expect(deeds.item('👍')).toBeFocused();
  await pressUntil(page, 'Tab', deeds.item('Reply'));
  await pressUntil(page, 'ArrowDown', deeds.item('Reactions'));
  await press(page, 'Enter');
  await expect(dialog(page).getByRole('button', { name: 'Close' })).toBeFocused();
  await expect(reactors(page, '👍').getByRole('listitem')).toHaveText([/Imran/, /زویا Khan/]);
  await expectAccessible(page, 'who reacted');
  const his = await imran.device();
  await his.ask(conversation, { react: { target: seq, emoji: '👍', on: false } });
  await expect(reactors(page, '👍').getByRole('listitem')).toHaveText([/زویا Khan/]);
  await press(page, 'Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(message).toBeFocused();
});

test('what nobody has reacted to has nothing to ask', async ({ group }) => {
  const { meera, imran, conversation, path } = group;
  const { seq } = await (await meera.device()).send(conversation, QUESTION);
  const deeds = new Deeds(new Thread(await meera.open(path)));
  await deeds.open(QUESTION);
  await expect(deeds.item('Copy text')).toBeVisible();
  await expect(deeds.item('Reactions')).toHaveCount(0);
  await deeds.page.keyboard.press('Escape');
  const his = await imran.device();
  await his.ask(conversation, { react: { target: seq, emoji: '👍', on: true } });
  await deeds.pick(QUESTION, 'Reactions');
  await expect(reactors(deeds.page, '👍')).toContainText('Imran');
  await his.ask(conversation, { react: { target: seq, emoji: '👍', on: false } });
  await expect(dialog(deeds.page)).toContainText('There are no reactions any more.');
});
