import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { press, pressUntil } from '../support/keys.ts';
import { PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

const DESK = { viewport: { width: 1440, height: 900 } };
/** The least that a finger hits. */
const FINGER = 44;

/** What stands over the field of a conversation, and the buttons that open it. */
class Tools {
  readonly thread: Thread;
  readonly page: Page;
  readonly more: Locator;
  readonly bar: Locator;
  readonly emojiButton: Locator;
  readonly emoji: Locator;

  constructor(page: Page) {
    this.page = page;
    this.thread = new Thread(page);
    this.more = page.getByRole('button', { name: 'Formatting and more' });
    this.bar = page.getByRole('toolbar', { name: 'Formatting' });
    this.emojiButton = page.getByRole('button', { name: 'Emoji', exact: true });
    this.emoji = page.getByRole('group', { name: 'Emoji', exact: true });
  }

  format(name: string): Locator {
    return this.bar.getByRole('button', { name, exact: true });
  }

  one(emoji: string): Locator {
    return this.emoji.getByRole('button', { name: emoji, exact: true });
  }

  /** Selects a part of what is written. */
  async select(start: number, end: number): Promise<void> {
    await this.thread.composer.evaluate(
      (node: HTMLTextAreaElement, [from, to]) => node.setSelectionRange(from, to),
      [start, end] as const,
    );
  }

  async selected(): Promise<string> {
    return this.thread.composer.evaluate((node: HTMLTextAreaElement) =>
      node.value.slice(node.selectionStart, node.selectionEnd),
    );
  }

  /** Expects that everything in a place is large enough for a finger. */
  async fitsFingers(place: Locator): Promise<void> {
    for (const button of await place.getByRole('button').all()) {
      const box = await button.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(FINGER);
    }
  }

  /** Expects that the page itself does not scroll sideways. */
  async pageFits(): Promise<void> {
    const fits = await this.page.evaluate(
      () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
    );
    expect(fits).toBe(true);
  }
}

test('on a phone emoji come where the caret is, in the place of the keyboard', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const hers = new Tools(await ayesha.open(path, PHONE));
  const his = new Thread(await bilal.open(path));
  const { composer, send } = hers.thread;
  // Three buttons beside the field, as wide as a finger each.
  expect((await composer.boundingBox())?.width ?? 0).toBeGreaterThanOrEqual(200);
  await expect(hers.emojiButton).toBeHidden();
  await composer.tap();
  await composer.pressSequentially('Chai');
  await hers.select(0, 0);
  await hers.more.tap();
  await expect(hers.bar).toBeVisible();
  await expect(composer).toBeFocused();
  await hers.emojiButton.tap();
  await expect(hers.emoji).toBeVisible();
  // Without the focus in a field there is no keyboard on the screen.
  await expect(composer).not.toBeFocused();
  await hers.fitsFingers(hers.emoji);
  await hers.pageFits();
  await expectAccessible(hers.page, 'the emoji of the composer on a phone');
  await hers.one('🎉').tap();
  await hers.one('☕').tap();
  await expect(composer).toHaveValue('🎉☕Chai');
  await expect(composer).not.toBeFocused();
  await expect(hers.emoji).toBeVisible();

  await hers.emojiButton.tap();
  await expect(hers.emoji).toBeHidden();
  await expect(composer).toBeFocused();
  await composer.pressSequentially('!');
  await expect(composer).toHaveValue('🎉☕!Chai');
  await send.tap();
  await his.endsWith('🎉☕!Chai');

  // Whoever touches something else has done with them; what is written stays.
  await hers.emojiButton.tap();
  await hers.one('🔥').tap();
  await expect(composer).toHaveValue('🔥');
  await hers.page.touchscreen.tap(195, 140);
  await expect(hers.emoji).toBeHidden();
  await hers.emojiButton.tap();
  await composer.tap();
  await expect(hers.emoji).toBeHidden();
  await expect(composer).toBeFocused();
  await expect(composer).toHaveValue('🔥');
});

test('on a phone what is selected is formatted by a finger', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const hers = new Tools(await ayesha.open(path, PHONE));
  const his = new Thread(await bilal.open(path));
  const { composer, send } = hers.thread;
  await composer.tap();
  await hers.more.tap();
  await hers.fitsFingers(hers.bar);
  expect(await hers.bar.evaluate((bar) => bar.scrollWidth > bar.clientWidth)).toBe(true);
  await hers.pageFits();
  await expectAccessible(hers.page, 'the bar of the composer on a phone');
  await composer.fill('chai now');
  for (const [name, marked] of [
    ['Bold', '**chai** now'],
    ['Italic', '*chai* now'],
    ['Strikethrough', '~~chai~~ now'],
    ['Code', '`chai` now'],
    ['Hidden text', '||chai|| now'],
    ['List', '- chai now'],
    ['Quote', '> chai now'],
  ] as const) {
    await hers.select(0, 4);
    await hers.format(name).tap();
    await expect(composer).toHaveValue(marked);
    await expect(composer).toBeFocused();
    await hers.format(name).tap();
    await expect(composer).toHaveValue('chai now');
  }
  await hers.select(0, 4);
  await hers.format('Link').tap();
  await expect(composer).toHaveValue('[chai](https://) now');
  expect(await hers.selected()).toBe('https://');
  await hers.page.keyboard.insertText('https://chai.example/');
  await send.tap();
  const link = his.messages.last().getByRole('link', { name: 'chai' });
  await expect(link).toHaveAttribute('href', 'https://chai.example/');

  // Nothing is selected: what is written next is marked.
  await hers.format('Bold').tap();
  await composer.pressSequentially('pakka');
  await send.tap();
  await expect(his.messages.last().locator('strong')).toHaveText('pakka');
  await hers.more.tap();
  await expect(hers.bar).toBeHidden();
});

test('by keyboard alone: what is selected is formatted, and emoji are chosen', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const his = new Thread(await bilal.open(path));
  const hers = new Tools(await ayesha.open(path, DESK));
  const { page, more } = hers;
  const { composer } = hers.thread;
  await page.keyboard.type('chai now');
  await expect(composer).toHaveValue('chai now');
  await press(page, 'Home');
  for (let letter = 0; letter < 'chai'.length; letter += 1) {
    await press(page, 'Shift+ArrowRight');
  }
  await pressUntil(page, 'Tab', more);
  await expect(more).toHaveAttribute('aria-expanded', 'false');
  await press(page, 'Enter');
  await expect(more).toHaveAttribute('aria-expanded', 'true');
  await expect(hers.format('Bold')).toBeFocused();
  await expectAccessible(page, 'the bar of the composer');
  await press(page, 'ArrowRight');
  await expect(hers.format('Italic')).toBeFocused();
  await press(page, 'Enter');
  await expect(composer).toHaveValue('*chai* now');
  await expect(composer).toBeFocused();
  expect(await hers.selected()).toBe('chai');
  await press(page, 'Escape');
  await expect(hers.bar).toBeHidden();
  await expect(composer).toBeFocused();

  await press(page, 'End');
  await pressUntil(page, 'Tab', hers.emojiButton);
  await press(page, 'Enter');
  await expect(hers.one('👍')).toBeFocused();
  await expectAccessible(page, 'the emoji of the composer');
  await press(page, 'ArrowRight', 'ArrowDown');
  await expect(hers.one('😄')).toBeFocused();
  await press(page, 'Enter');
  await expect(composer).toHaveValue('*chai* now😄');
  await expect(hers.one('😄')).toBeFocused();
  await press(page, 'Escape');
  await expect(hers.emoji).toBeHidden();
  await expect(composer).toBeFocused();
  await page.keyboard.type('!');
  await expect(composer).toHaveValue('*chai* now😄!');
  await press(page, 'Enter');
  await expect(his.messages.last()).toContainText('chai now😄!');
  await expect(his.messages.last().locator('em')).toHaveText('chai');

  // The list of emoji is one stop, and who goes on has done with it.
  await pressUntil(page, 'Tab', hers.emojiButton);
  await press(page, 'Enter');
  await expect(hers.one('👍')).toBeFocused();
  await press(page, 'Tab');
  await expect(composer).toBeFocused();
  await expect(hers.emoji).toBeHidden();
});

test('with a mouse one goes on writing between emoji, and the browser undoes them', async ({ pair }) => {
  const hers = new Tools(await pair.ayesha.open(pair.path, DESK));
  const { composer, header } = hers.thread;
  await composer.pressSequentially('Chai ');
  await hers.emojiButton.click();
  await hers.one('☕').click();
  await expect(composer).toHaveValue('Chai ☕');
  await expect(composer).toBeFocused();
  await hers.one('🔥').click();
  await expect(composer).toHaveValue('Chai ☕🔥');
  await hers.page.keyboard.press('Control+z');
  await expect(composer).not.toHaveValue(/🔥/u);
  await header.click({ position: { x: 2, y: 2 } });
  await expect(hers.emoji).toBeHidden();
});

test('Escape leaves the emoji, then the bar, and only then an answer', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const hers = new Tools(await ayesha.open(path, DESK));
  await (await bilal.device()).send(conversation, 'Chai at 5?');
  const message = hers.thread.message('Chai at 5?');
  await message.locator('.bubble').hover();
  await message.getByRole('toolbar').getByRole('button', { name: 'Reply' }).click();
  const answer = hers.page.getByTestId('composer-mode');
  await hers.more.click();
  await hers.emojiButton.click();
  for (const left of [hers.emoji, hers.bar, answer]) {
    await expect(left).toBeVisible();
    await hers.page.keyboard.press('Escape');
    await expect(left).toHaveCount(0);
    await expect(hers.thread.composer).toBeFocused();
  }
});
