import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { ANSWER, Deeds, QUESTION, stored, together } from '../support/deeds.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { expect, test, type Pair } from '../support/test.ts';
import { numbered, row, Thread } from '../support/thread.ts';

test.describe('with the mouse', () => {
  test('reactions are set, seen by the other, counted and taken back', async ({ pair }) => {
    const [hers, his] = await together(pair);
    const before = await hers.thread.top(hers.thread.message(QUESTION));
    await hers.thread.message(QUESTION).hover();
    await hers.tool(hers.thread.message(QUESTION), 'React').click();
    await hers.item('👍').click();
    await hers.reacted(QUESTION, '👍', 1, true);
    await his.reacted(QUESTION, '👍', 1, false);
    await expect(his.chip(QUESTION, '👍')).toHaveAccessibleName(`👍 1: ${pair.ayesha.name}`);
    await expect(his.chip(QUESTION, '👍')).toHaveAttribute('title', pair.ayesha.name);
    expect(Math.abs((await hers.thread.top(hers.thread.message(QUESTION))) - before)).toBeLessThan(80);

    await his.chip(QUESTION, '👍').click();
    await hers.reacted(QUESTION, '👍', 2, true);
    await his.reacted(QUESTION, '👍', 2, true);
    await expect(his.chip(QUESTION, '👍')).toHaveAccessibleName(/^👍 2: you and /);
    await hers.chip(QUESTION, '👍').click();
    await his.reacted(QUESTION, '👍', 1, true);
    await his.chip(QUESTION, '👍').click();
    await expect(hers.chip(QUESTION, '👍')).toHaveCount(0);
    await expect(his.chip(QUESTION, '👍')).toHaveCount(0);
    await his.focusIsSomewhere();

    // One of the many, and another beside it.
    await hers.open(QUESTION);
    await hers.item('More emoji').click();
    await hers.item('🏏').click();
    await his.reacted(QUESTION, '🏏', 1, false);
    await his.page.reload();
    await alive(his.page);
    await his.reacted(QUESTION, '🏏', 1, false);
  });

  test('pointing at a message moves nothing', async ({ pair }) => {
    const [hers] = await together(pair);
    const places = async (): Promise<number[]> =>
      Promise.all([QUESTION, ANSWER].map((text) => hers.thread.top(hers.thread.message(text))));
    const before = await places();
    await hers.thread.message(QUESTION).hover();
    await expect(hers.tool(hers.thread.message(QUESTION), 'Reply')).toBeVisible();
    expect(await places()).toEqual(before);
    await hers.thread.header.hover();
    await expect(hers.thread.message(QUESTION).getByRole('toolbar')).toHaveCount(0);
    expect(await places()).toEqual(before);
  });

  test('one edits one’s own words, and only those', async ({ pair }) => {
    const [hers, his] = await together(pair);
    await hers.open(QUESTION);
    await expect(hers.item('Reply')).toBeVisible();
    for (const name of ['Edit', 'Delete']) {
      await expect(hers.item(name)).toHaveCount(0);
    }
    await hers.page.keyboard.press('Escape');
    await expect(hers.sheet).toBeHidden();
    await expect(hers.tool(hers.thread.message(QUESTION), 'More actions')).toBeFocused();

    await hers.thread.composer.fill('half a thought');
    await hers.pick(ANSWER, 'Edit');
    await expect(hers.thread.composer).toBeFocused();
    await expect(hers.thread.composer).toHaveValue(ANSWER);
    await expect(hers.mode).toContainText('Editing your message');
    await expect(hers.thread.composer).toHaveAccessibleDescription(/Editing your message/);
    await hers.thread.composer.fill('Haan, at six');
    await hers.page.getByRole('button', { name: 'Save the edit' }).click();
    await expect(hers.mode).toHaveCount(0);
    await expect(hers.thread.composer).toHaveValue('half a thought');
    for (const { thread } of [hers, his]) {
      await thread.endsWith(QUESTION, 'Haan, at six');
      await expect(thread.message('Haan, at six')).toContainText('edited');
    }
    await expect(row(his.page, pair.ayesha.name)).toContainText('Haan, at six');
  });

  test('what is deleted is gone everywhere, from both devices too', async ({ pair }) => {
    const [hers, his] = await together(pair);
    await hers.thread.write('a secret that slipped');
    await his.thread.endsWith('a secret that slipped');
    await expect.poll(() => stored(his.page)).toContain('a secret that slipped');
    await hers.pick('a secret that slipped', 'Delete');
    await expect(hers.dialog).toContainText('a secret that slipped');
    await expectAccessible(hers.page, 'the question before a deletion');
    await hers.dialog.getByRole('button', { name: 'Cancel' }).click();
    await hers.thread.endsWith('a secret that slipped');

    await hers.pick('a secret that slipped', 'Delete');
    await hers.dialog.getByRole('button', { name: 'Delete for everybody' }).click();
    await hers.focusIsSomewhere();
    for (const { thread, page } of [hers, his]) {
      await thread.endsWith(QUESTION, ANSWER, 'This message was deleted.');
      await expect.poll(() => page.content()).not.toContain('a secret that slipped');
      await expect.poll(() => stored(page)).not.toContain('a secret that slipped');
      await page.reload();
      await alive(page);
      await thread.endsWith(QUESTION, ANSWER, 'This message was deleted.');
      expect(await page.content()).not.toContain('a secret that slipped');
    }
    // It can be put out of one's own sight, and nothing else.
    await his.open('This message was deleted.');
    await expect(his.sheet.getByRole('button')).toHaveText(['Delete for me']);
  });

  test('an answer shows what it answers, and leads there', async ({ pair }) => {
    const [hers, his] = await together(pair);
    await hers.thread.message(QUESTION).hover();
    await hers.tool(hers.thread.message(QUESTION), 'Reply').click();
    await expect(hers.mode).toContainText(`Replying to ${pair.bilal.name}`);
    await expect(hers.mode).toContainText(QUESTION);
    await hers.page.getByRole('button', { name: 'Cancel reply' }).click();
    await expect(hers.mode).toHaveCount(0);
    await hers.thread.message(QUESTION).hover();
    await hers.tool(hers.thread.message(QUESTION), 'Reply').click();
    await expect(hers.thread.composer).toBeFocused();
    await hers.thread.write('With biscuits');
    await expect(hers.mode).toHaveCount(0);
    await his.thread.endsWith('With biscuits');
    const quote = his.thread.message('With biscuits').locator('.quote');
    await expect(quote).toContainText(QUESTION);

    // What was answered changes, and the quote with it.
    await his.pick(QUESTION, 'Edit');
    await his.thread.write('Coffee at 5?');
    await expect(quote).toContainText('Coffee at 5?');
    await expect(hers.thread.message('With biscuits').locator('.quote')).toContainText('Coffee at 5?');
    await quote.click();
    await expect(his.thread.message('Coffee at 5?')).toBeFocused();
    await expect(his.thread.message('Coffee at 5?')).toHaveClass(/message-found/);
    await expect(his.thread.message('Coffee at 5?')).not.toHaveClass(/message-found/);
  });

  test('an answer to what is far back leads there as well', async ({ pair }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seedRead(bilal, ayesha, conversation, numbered(250));
    const device = await bilal.device();
    await device.ask(conversation, { text: { text: 'as I said', reply_to: 20 } });
    const page = await ayesha.open(path);
    const deeds = new Deeds(new Thread(page));
    await deeds.thread.endsWith('as I said');
    const quote = deeds.thread.message('as I said').locator('.quote');
    await expect(quote).toHaveText('An earlier message');
    await quote.click();
    const target = deeds.thread.message('message 20');
    await expect(target).toBeFocused();
    const middle = await target.evaluate((node) => {
      const frame = node.closest('section')?.getBoundingClientRect();
      const box = node.getBoundingClientRect();
      const height = frame?.height ?? 1;
      return ((box.top + box.bottom) / 2 - (frame?.top ?? 0)) / height;
    });
    expect(middle).toBeGreaterThan(0.25);
    expect(middle).toBeLessThan(0.75);
    await page.keyboard.press('Escape');
    await expect(deeds.thread.composer).toBeFocused();
    await page.keyboard.press('Escape');
    await deeds.thread.endsWith('as I said');
    await expect(quote).toContainText('message 20');
  });

  test('pinned messages are at hand for both', async ({ pair }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seedRead(bilal, ayesha, conversation, ['The address: 5 Mall Road', ...numbered(60)]);
    const page = await ayesha.open(path);
    const hers = new Deeds(new Thread(page));
    const his = new Deeds(new Thread(await bilal.open(path)));
    await expect(hers.pinned).toHaveCount(0);
    await hers.pick('message 60', 'Pin');
    await expect(hers.pinned).toContainText('1 pinned message');
    await expect(his.pinned).toContainText('message 60');
    await expect(his.thread.message('message 60')).toContainText('pinned');

    // One that is not on the page: its words are asked for.
    const device = await bilal.device();
    await device.ask(conversation, { pin: { target: 1, on: true } });
    await expect(hers.pinned).toContainText('2 pinned messages');
    await expect(hers.pinned).toContainText('The address: 5 Mall Road');
    await hers.pinned.click();
    const list = hers.dialog.getByRole('listitem');
    await expect(list).toHaveCount(2);
    await expect(list.first()).toContainText('The address: 5 Mall Road');
    await expectAccessible(page, 'the pinned messages');
    await list.first().getByRole('button', { name: 'The address' }).click();
    await expect(hers.thread.message('The address: 5 Mall Road')).toBeFocused();

    await hers.pinned.click();
    await list.first().getByRole('button', { name: 'Unpin' }).click();
    await expect(list).toHaveCount(1);
    await hers.focusIsSomewhere();
    await list.first().getByRole('button', { name: 'Unpin' }).click();
    await expect(hers.dialog).toHaveCount(0);
    await hers.focusIsSomewhere();
    await expect(hers.pinned).toHaveCount(0);
    await expect(his.pinned).toHaveCount(0);
  });

  test('the words of a message are copied', async ({ pair }) => {
    const [hers] = await together(pair);
    await hers.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await expect(hers.spoken).toBeHidden();
    await hers.pick(QUESTION, 'Copy text');
    await expect(hers.spoken).toHaveText('Copied');
    await expect(hers.page.getByTestId('announcer').getByRole('status')).toContainText('Copied');
    expect(await hers.page.evaluate(() => navigator.clipboard.readText())).toBe(QUESTION);
  });

  test('what was seen by the other is marked, in words too', async ({ pair }) => {
    const { ayesha, bilal, path } = pair;
    const hers = new Thread(await ayesha.open(path));
    await hers.write('are you there?');
    const state = hers.message('are you there?').locator('[data-delivery]');
    await expect(state).toHaveAttribute('data-delivery', 'sent');
    await expect(state).toHaveText('Sent');
    const his = await bilal.open(path);
    await his.bringToFront();
    await expect(state).toHaveAttribute('data-delivery', 'read');
    await expect(state).toHaveText('Read');
  });
});

test.describe('with the keyboard alone', () => {
  test('everything can be done with a message', async ({ pair }) => {
    const [hers, his] = await together(pair);
    const { page, thread } = hers;
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) {
        await page.keyboard.press(key);
      }
    };
    await thread.composer.focus();

    // To the newest message, to the one before it, into its buttons and back.
    await press('Shift+Tab');
    await expect(thread.message(ANSWER)).toBeFocused();
    await press('ArrowUp');
    await expect(thread.message(QUESTION)).toBeFocused();
    await press('Enter');
    await expect(hers.tool(thread.message(QUESTION), 'React')).toBeFocused();
    await press('ArrowRight');
    await expect(hers.tool(thread.message(QUESTION), 'Reply')).toBeFocused();
    await press('Escape');
    await expect(thread.message(QUESTION)).toBeFocused();

    // React.
    await press('ArrowRight', 'Enter');
    await expect(hers.item('👍')).toBeFocused();
    await press('ArrowRight', 'Enter');
    await his.reacted(QUESTION, '❤️', 1, false);
    await expect(hers.tool(thread.message(QUESTION), 'React')).toBeFocused();

    // Reply.
    await press('ArrowRight', 'Enter');
    await expect(thread.composer).toBeFocused();
    await page.keyboard.type('With biscuits');
    await press('Enter');
    await his.thread.endsWith('With biscuits');
    await expect(his.thread.message('With biscuits').locator('.quote')).toContainText(QUESTION);
    await expect(thread.composer).toHaveValue('');

    // Edit the last of one's own; Escape leaves it as it is.
    await press('ArrowUp');
    await expect(thread.composer).toHaveValue('With biscuits');
    await page.keyboard.type('!');
    await press('Escape');
    await expect(thread.composer).toHaveValue('');
    await expect(hers.mode).toHaveCount(0);
    await press('ArrowUp');
    await expect(thread.composer).toHaveValue('With biscuits');
    await page.keyboard.type(' and mithai');
    await press('Enter');
    await his.thread.endsWith('With biscuits and mithai');
    await expect(thread.composer).toHaveValue('');

    // Pin, from the sheet.
    await press('Shift+Tab', 'Home');
    await expect(thread.message(QUESTION)).toBeFocused();
    await press('Enter', 'End');
    await expect(thread.message(QUESTION).locator('.thread-line')).toBeFocused();
    await press('ArrowLeft');
    await expect(hers.chip(QUESTION, '❤️')).toBeFocused();
    await press('ArrowLeft');
    await expect(hers.tool(thread.message(QUESTION), 'More actions')).toBeFocused();
    await press('Enter');
    await expect(hers.item('👍')).toBeFocused();
    await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab');
    await expect(hers.item('Reply')).toBeFocused();
    await press('End', 'ArrowUp', 'ArrowUp');
    await expect(hers.item('Pin')).toBeFocused();
    await press('Enter');
    await expect(his.pinned).toContainText(QUESTION);
    await hers.focusIsSomewhere();

    // Delete.
    await press('Escape', 'End');
    await expect(thread.message('With biscuits and mithai')).toBeFocused();
    await press('Enter', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    await expect(hers.tool(thread.message('With biscuits and mithai'), 'More actions')).toBeFocused();
    await press('Enter');
    await expect(hers.sheet).toBeVisible();
    await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'End');
    await expect(hers.item('Delete')).toBeFocused();
    await press('Enter');
    await expect(hers.dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await press('Tab', 'Enter');
    await his.thread.endsWith(QUESTION, ANSWER, 'This message was deleted.');
    await expect(thread.message('This message was deleted.')).toBeFocused();
    await press('Escape');
    await expect(thread.composer).toBeFocused();
  });

  test('with something in the composer the arrow only moves the caret', async ({ pair }) => {
    const [hers] = await together(pair);
    await hers.thread.composer.fill('two\nlines');
    await hers.thread.composer.press('ArrowUp');
    await expect(hers.mode).toHaveCount(0);
    await expect(hers.thread.composer).toHaveValue('two\nlines');
  });

  test('the arrows lead the other way where one reads the other way', async ({ pair }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, [QUESTION]);
    const page = await ayesha.open(path, { locale: 'ur-PK' });
    const thread = new Thread(page);
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await thread.composer.focus();
    await page.keyboard.press('Shift+Tab');
    await expect(thread.message(QUESTION)).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    const tools = thread.message(QUESTION).getByRole('toolbar').getByRole('button');
    await expect(tools.first()).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(tools.nth(1)).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(tools.first()).toBeFocused();
    const [first, second] = await Promise.all([0, 1].map((at) => tools.nth(at).boundingBox()));
    expect(first?.x ?? 0).toBeGreaterThan(second?.x ?? 0);
  });
});

test.describe('on a phone', () => {
  async function onPhone({ ayesha, bilal, conversation, path }: Pair): Promise<[Deeds, Deeds]> {
    await seed(bilal, conversation, [QUESTION]);
    await seed(ayesha, conversation, [ANSWER]);
    const hers = new Deeds(new Thread(await ayesha.open(path, PHONE)));
    const his = new Deeds(new Thread(await bilal.open(path)));
    for (const { thread } of [hers, his]) {
      await thread.endsWith(QUESTION, ANSWER);
    }
    return [hers, his];
  }

  test('a finger that rests opens what can be done', async ({ pair }) => {
    const [hers, his] = await onPhone(pair);
    await hers.rest(QUESTION);
    await hers.item('❤️').tap();
    await his.reacted(QUESTION, '❤️', 1, false);
    await hers.chip(QUESTION, '❤️').tap();
    await expect(his.chip(QUESTION, '❤️')).toHaveCount(0);

    await hers.rest(QUESTION);
    await hers.item('Reply').tap();
    await expect(hers.thread.composer).toBeFocused();
    await hers.thread.composer.pressSequentially('With biscuits');
    await hers.thread.send.tap();
    await his.thread.endsWith('With biscuits');
    await expect(his.thread.message('With biscuits').locator('.quote')).toContainText(QUESTION);

    await hers.rest('With biscuits');
    await hers.item('Edit').tap();
    await hers.thread.composer.fill('With mithai');
    await hers.page.getByRole('button', { name: 'Save the edit' }).tap();
    await his.thread.endsWith('With mithai');

    await hers.rest('With mithai');
    await hers.item('Pin').tap();
    await expect(his.pinned).toContainText('With mithai');

    await hers.rest('With mithai');
    await hers.item('Delete').tap();
    await hers.dialog.getByRole('button', { name: 'Delete for everybody' }).tap();
    await his.thread.endsWith(QUESTION, ANSWER, 'This message was deleted.');
    await expect(his.pinned).toHaveCount(0);
  });

  test('a tap is as good as a finger that rests', async ({ pair }) => {
    const [hers, his] = await onPhone(pair);
    await hers.thread.message(QUESTION).locator('.bubble').tap();
    await hers.tool(hers.thread.message(QUESTION), 'More actions').tap();
    await hers.item('More emoji').tap();
    await hers.item('🔥').tap();
    await his.reacted(QUESTION, '🔥', 1, false);
    // Beside the sheet there is the way out.
    await hers.thread.message(QUESTION).locator('.bubble').tap();
    await hers.tool(hers.thread.message(QUESTION), 'More actions').tap();
    await expect(hers.sheet).toBeVisible();
    await hers.page.touchscreen.tap(195, 60);
    await expect(hers.sheet).toBeHidden();
  });

  test('a finger that moves scrolls and opens nothing', async ({ pair }) => {
    const [hers] = await onPhone(pair);
    const box = await hers.thread.message(QUESTION).locator('.bubble').boundingBox();
    const at = { x: (box?.x ?? 0) + 10, y: (box?.y ?? 0) + 10 };
    const browser = await hers.page.context().newCDPSession(hers.page);
    const noticed = await hers.page.evaluateHandle(() => ({
      move: new Promise((resolve) => {
        for (const name of ['pointermove', 'pointercancel']) {
          window.addEventListener(name, () => resolve(name), { once: true });
        }
      }),
    }));
    // Both at once: the finger must not rest in between.
    const moved = { x: at.x + 24, y: at.y };
    await Promise.all([
      browser.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] }),
      browser.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [moved] }),
    ]);
    await noticed.evaluate((it) => it.move);
    // A timer of the page that is longer than that of a finger that rests, and was set later.
    await hers.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
    await browser.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(hers.sheet).toBeHidden();
    await hers.rest(QUESTION);
  });

  test('what can be touched is large enough, and no rule is broken', async ({ pair }) => {
    const [hers] = await onPhone(pair);
    await hers.thread.message(QUESTION).locator('.bubble').tap();
    await tallEnough(hers.page, 'a message in hand');
    await hers.rest(QUESTION);
    await tallEnough(hers.page, 'the sheet');
    await expectAccessible(hers.page, 'the sheet on a phone');
    await hers.item('More emoji').tap();
    await tallEnough(hers.page, 'the emoji');
    await expectAccessible(hers.page, 'the emoji on a phone');
    await hers.item('👍').tap();
    await expect(hers.chip(QUESTION, '👍')).toBeVisible();
    await hers.rest(QUESTION);
    await hers.item('Reply').tap();
    await hers.thread.composer.pressSequentially('With biscuits');
    await tallEnough(hers.page, 'an answer');
    await hers.thread.send.tap();
    await hers.thread.stored('With biscuits');
    await hers.rest('With biscuits');
    await hers.item('Pin').tap();
    await expect(hers.pinned).toBeVisible();
    await tallEnough(hers.page, 'a quote, a chip and a pin');
    await expectAccessible(hers.page, 'a quote, a chip and a pin');
  });
});

for (const look of [
  { name: 'wide, English', options: {} },
  { name: 'wide, Urdu', options: { locale: 'ur-PK', colorScheme: 'dark' as const } },
  { name: 'wide, Hindi', options: { locale: 'hi-IN' } },
]) {
  test(`no rule is broken around the open sheet: ${look.name}`, async ({ pair }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, [QUESTION]);
    await seed(ayesha, conversation, [ANSWER]);
    const page = await ayesha.open(path, look.options);
    const deeds = new Deeds(new Thread(page));
    await deeds.thread.message(QUESTION).hover();
    const tools = deeds.thread.message(QUESTION).getByRole('toolbar').getByRole('button');
    await expectAccessible(page, 'the buttons beside a message');
    await tools.last().click();
    await expect(deeds.sheet).toBeInViewport({ ratio: 1 });
    await expectAccessible(page, 'the sheet');
    await page.keyboard.press('Escape');
    await deeds.thread.message(QUESTION).hover();
    await tools.first().click();
    await expect(deeds.sheet).toBeInViewport({ ratio: 1 });
    await expectAccessible(page, 'the emoji');
    await deeds.item('👍').click();
    await deeds.thread.message(QUESTION).hover();
    await tools.nth(1).click();
    await deeds.thread.write('an answer');
    await expectAccessible(page, 'a quote and a chip');
  });
}

/** Expects that whatever can be touched is 44 pixels wide and high. */
async function tallEnough(page: Page, where: string): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, [tabindex="0"]')]
      .filter((node) => node.closest('.hidden-text, [hidden]') === null)
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .filter((node) => getComputedStyle(node).display !== 'inline')
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.bottom > 0 && (box.width < 44 || box.height < 44))
      .map(({ node, box }) => {
        const name = node.getAttribute('aria-label') ?? node.textContent?.trim().slice(0, 30);
        return `${node.tagName} "${name}": ${Math.round(box.width)}×${Math.round(box.height)}`;
      }),
  );
  expect(small, where).toEqual([]);
}
