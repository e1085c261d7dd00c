import type { CDPSession, Page } from '@playwright/test';
import type { Device } from '../support/device.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const FAMILY = '👨‍👩‍👧‍👦';
/** Longest message, in what a person takes for a character. */
const LIMIT = 4_000;
/** What an input method's keys report. */
const IME_KEY = 229;

test('with a mouse Enter sends, and Shift and Enter make a line', async ({ pair }) => {
  const thread = new Thread(await pair.ayesha.open(pair.path));
  await thread.composer.pressSequentially('one');
  await thread.composer.press('Shift+Enter');
  await thread.composer.pressSequentially('two');
  await expect(thread.composer).toHaveValue('one\ntwo');
  await expect(thread.messages).toHaveCount(0);
  await thread.composer.press('Enter');
  await thread.endsWith('one\ntwo');
  await thread.composer.pressSequentially('three');
  await thread.composer.press('Control+Enter');
  await thread.endsWith('one\ntwo', 'three');
});

test('on a phone Enter makes a line, and the button sends', async ({ pair }) => {
  const thread = new Thread(await pair.ayesha.open(pair.path, PHONE));
  await thread.composer.tap();
  await thread.composer.pressSequentially('one');
  await thread.composer.press('Enter');
  await thread.composer.pressSequentially('two');
  await expect(thread.composer).toHaveValue('one\ntwo');
  await expect(thread.messages).toHaveCount(0);
  await thread.send.tap();
  await thread.endsWith('one\ntwo');
  await expect(thread.composer).toBeFocused();
});

test('nothing is sent while an input method composes a word', async ({ pair }) => {
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  await thread.composer.focus();
  const browser = await page.context().newCDPSession(page);
  await browser.send('Input.imeSetComposition', {
    text: 'नमस्ते',
    selectionStart: 6,
    selectionEnd: 6,
  });
  await expect(thread.composer).toHaveValue('नमस्ते');
  for (const key of ['Enter', 'Escape', 'Tab', 'ArrowUp']) {
    await imeKey(browser, key);
  }
  await expect(thread.composer).toBeFocused();
  await expect(thread.composer).toHaveValue('नमस्ते');
  await expect(thread.messages).toHaveCount(0);

  await browser.send('Input.insertText', { text: 'नमस्ते' });
  await expect(thread.composer).toHaveValue('नमस्ते');
  await thread.composer.press('Enter');
  await thread.endsWith('नमस्ते');
  await expect(thread.messages).toHaveCount(1);
});

test('a long text grows the composer, and the newest message stays in sight', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(40));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 40');
  const empty = (await thread.composer.boundingBox())?.height ?? 0;
  await thread.composer.fill('line\n'.repeat(20));
  const height = async (): Promise<number> => (await thread.composer.boundingBox())?.height ?? 0;
  await expect.poll(height).toBeGreaterThan(empty * 2);
  expect(await height()).toBeLessThanOrEqual(900 * 0.4);
  await expect(thread.message('message 40')).toBeInViewport({ ratio: 0.9 });
  expect(await thread.distance()).toBe(0);
  await expect(thread.send).toBeInViewport({ ratio: 1 });
  await thread.composer.fill('');
  await expect.poll(height).toBe(empty);
});

test('typing anywhere goes into the composer, in every script', async ({ pair }) => {
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  await thread.composer.blur();
  await expect(thread.composer).not.toBeFocused();
  await page.keyboard.press('k');
  await expect(thread.composer).toBeFocused();
  await expect(thread.composer).toHaveValue('k');

  await thread.composer.fill('');
  await thread.composer.blur();
  // A Devanagari layout: the focus moves before the browser writes the character.
  await page.evaluate(() => {
    const key = { key: 'क', code: 'KeyK', bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent('keydown', key));
  });
  await expect(thread.composer).toBeFocused();
});

test('the counter counts what a person counts, and too much is not sent', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  const zone = page.locator('.composer-zone');
  const counter = page.getByTestId('counter');
  await thread.composer.fill('a'.repeat(LIMIT * 0.9 - 10));
  await expect(counter).toHaveCount(0);
  await thread.composer.fill('a'.repeat(LIMIT - 2) + FAMILY);
  await expect(counter).toHaveText('1');
  await thread.composer.fill('a'.repeat(LIMIT - 1) + FAMILY + FAMILY);
  await expect(zone).toContainText('Shorten the message by 1 characters to send it.');
  await expect(thread.send).toBeDisabled();
  await thread.composer.press('Enter');
  await expect(thread.messages).toHaveCount(0);
  await expect(thread.composer).toHaveAccessibleDescription(/Shorten the message by 1/);

  await thread.composer.press('Backspace');
  await expect(thread.send).toBeEnabled();
  await thread.composer.press('Enter');
  await expect(thread.messages).toHaveCount(1);
  const device = await bilal.device();
  await expect
    .poll(async () => (await device.texts(conversation))[0])
    .toBe('a'.repeat(LIMIT - 1) + FAMILY);
});

test('why a message is not sent is said aloud, each time', async ({ pair }) => {
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  const said = page.getByTestId('announcer').getByRole('alert').locator('p');
  for (const [text, why] of [
    ['a bell: \u0007', 'This contains characters that are not allowed.'],
    ['a'.repeat(LIMIT + 1), 'Shorten the message by 1 characters to send it.'],
  ] as const) {
    await thread.composer.fill(text);
    for (let time = 0; time < 2; time += 1) {
      await thread.composer.press('Enter');
      const fresh = said.and(page.locator(':not([data-heard])'));
      await expect(fresh).toHaveText(why);
      await fresh.evaluate((element: HTMLElement) => {
        element.dataset.heard = '';
      });
    }
  }
});

test('blanks alone are not sent', async ({ pair }) => {
  const thread = new Thread(await pair.ayesha.open(pair.path));
  await expect(thread.send).toBeDisabled();
  await thread.composer.fill('   \n ');
  await expect(thread.send).toBeDisabled();
  await thread.composer.press('Enter');
  await thread.composer.fill('some');
  await expect(thread.send).toBeEnabled();
  await thread.write('something');
  await thread.endsWith('something');
  await expect(thread.messages).toHaveCount(1);
});

for (const [when, end] of [
  ['it is taken back', (his, conversation) => his.typing(conversation, false)],
  ['the message comes', (his, conversation) => his.send(conversation, 'done')],
  ['there is silence', (_, __, page) => page.clock.fastForward(6_500)],
] satisfies [string, (his: Device, conversation: string, page: Page) => unknown][]) {
  test(`who types is shown in a place that is always kept, until ${when}`, async ({ pair }) => {
    const { ayesha, bilal, conversation, path } = pair;
    const page = await (await ayesha.browser()).newPage();
    await page.clock.install();
    await page.goto(path);
    await alive(page);
    const his = await bilal.device();
    const place = page.getByTestId('typing');
    await expect(place).toBeEmpty();
    const height = (await place.boundingBox())?.height;
    // It is told only to those who are connected.
    await expect(async () => {
      his.typing(conversation, true);
      await expect(place).toHaveText(`${bilal.name} is typing`, { timeout: 1_000 });
    }).toPass();
    expect((await place.boundingBox())?.height).toBe(height);
    await end(his, conversation, page);
    await expect(place).toBeEmpty();
  });
}

test('typing is told sparingly, and taken back', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const page = await (await ayesha.browser()).newPage();
  await page.clock.install();
  const gate = await SocketGate.before(page);
  await page.goto(path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  const thread = new Thread(page);
  const his = await bilal.device();
  const about = { conversation, user: ayesha.person.id };
  for (let second = 0; second < 12; second += 1) {
    await thread.composer.press('a');
    await page.clock.fastForward(1_000);
  }
  await expect.poll(() => gate.count('typing')).toBe(3);
  await his.until('typing', (frame) => frame.active && frame.user === about.user);
  await thread.composer.fill('');
  await his.until('typing', (frame) => !frame.active && frame.user === about.user);
  expect(his.received('typing').every((frame) => frame.conversation === conversation)).toBe(true);
});

test('the focus goes where the conversation is written or named', async ({ pair, signUp }) => {
  const { ayesha, bilal } = pair;
  const sana = await signUp('Sana');
  await ayesha.openDirect(sana);
  const laptop = await ayesha.open('/');
  await laptop.getByRole('link', { name: bilal.name }).click();
  await expect(new Thread(laptop).composer).toBeFocused();
  await laptop.getByRole('link', { name: sana.name }).click();
  await expect(new Thread(laptop).composer).toBeFocused();
  await laptop.getByRole('link', { name: 'New chat' }).first().click();
  await expect(laptop.getByRole('searchbox')).toBeFocused();

  const phone = await ayesha.open('/', PHONE);
  await phone.getByRole('link', { name: bilal.name }).tap();
  await expect(phone.getByRole('heading', { name: bilal.name, level: 1 })).toBeFocused();
});

test('the composer stays above a keyboard that covers the window', async ({ pair }) => {
  const page: Page = await (await pair.ayesha.browser(PHONE)).newPage();
  await page.addInitScript(() => {
    // Safari's keyboard makes the visual viewport smaller and leaves the layout alone.
    const viewport = new EventTarget();
    const values = { height: 844, width: 390, offsetTop: 0, offsetLeft: 0, scale: 1 };
    Object.assign(viewport, values, { pageTop: 0, pageLeft: 0 });
    Object.defineProperty(window, 'visualViewport', { value: viewport });
  });
  await page.goto(pair.path);
  await alive(page);
  const thread = new Thread(page);
  await thread.write('above the keyboard');
  await thread.composer.tap();
  await page.evaluate(() => {
    Object.assign(window.visualViewport ?? {}, { height: 430 });
    window.visualViewport?.dispatchEvent(new Event('resize'));
  });
  const bottom = async (): Promise<number> => {
    const box = await thread.composer.boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  await expect.poll(bottom).toBeLessThanOrEqual(430);
  const last = await thread.message('above the keyboard').boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(430);
});

async function imeKey(browser: CDPSession, key: string): Promise<void> {
  const common = { key, code: key, windowsVirtualKeyCode: IME_KEY };
  await browser.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...common });
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
}
