import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

/** Expects that a message is in sight and has the focus. */
async function arrivedAt(thread: Thread, text: string): Promise<void> {
  await expect(thread.message(text)).toBeInViewport();
  await expect(thread.message(text)).toBeFocused();
}

/** Scrolls down until a message is there. */
async function scrollDownTo(thread: Thread, text: string): Promise<void> {
  await thread.scroller.hover();
  await expect(async () => {
    await thread.page.mouse.wheel(0, 4_000);
    await expect(thread.message(text)).toBeInViewport({ timeout: 200 });
  }).toPass({ timeout: 60_000 });
}

test('without script the address of a message opens at it', async ({ pair, stranger }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(200));
  const browser = await ayesha.browser({ javaScriptEnabled: false });
  const page = await browser.newPage();
  await page.goto(`${path}?at=60#at`);
  const thread = new Thread(page);
  await expect(thread.message('message 60')).toBeInViewport();
  await expect(thread.message('message 60')).toHaveClass(/message-found/);
  await expect(thread.message('message 200')).toHaveCount(0);
  await page.getByRole('link', { name: 'Jump to latest' }).click();
  await expect(thread.message('message 200')).toBeInViewport();

  await page.goto(`${path}?at=201`);
  await expect(page.getByTestId('not-there')).toHaveText('There is no message at this place.');

  // Whoever is not signed in comes back to it.
  const outside = await (await stranger({ javaScriptEnabled: false })).newPage();
  await outside.goto(`${path}?at=60`);
  await expect(outside).toHaveURL(`/login?next=${path}%3Fat%3D60`);
});

test('far back in a long conversation is one fetch away, and the way on joins the newest', async ({
  pair,
}) => {
  test.setTimeout(180_000);
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(2_400));
  const answer = await bilal.device();
  await answer.ask(conversation, { text: { text: 'as I said', reply_to: 2_000 } });
  await answer.ask(conversation, { text: { text: 'and long before', reply_to: 40 } });
  const browser = await ayesha.browser();
  const gate = await SocketGate.before(browser);
  const page = await browser.newPage();
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  await thread.endsWith('as I said', 'and long before');
  await thread.atRest();
  // What opening asks for is over when a later frame is answered.
  await thread.write('let me look');
  await thread.stored('let me look');
  const before = gate.count('fetch');
  gate.upward = (name) => (name === 'fetch' && gate.count('fetch') > before + 1 ? 'hold' : 'pass');
  await thread.message('and long before').locator('.quote').click();
  await arrivedAt(thread, 'message 40');
  await expect(thread.message('message 1')).toHaveCount(1);
  await expect(thread.message('message 80')).toHaveCount(1);
  await expect(thread.message('message 2400')).toHaveCount(0);
  gate.release();

  // A message arrives meanwhile: it is told, and moves nothing.
  await seed(bilal, conversation, ['meanwhile']);
  await expect(thread.pill).toHaveText(/1 new message/);
  await expect(thread.message('message 40')).toBeInViewport();
  expect((await ayesha.summary(conversation)).unread).toBe(1);

  await thread.pill.click();
  await expect(thread.message('meanwhile')).toBeInViewport();
  await expect.poll(async () => (await ayesha.summary(conversation)).unread).toBe(0);

  // Not so far back: on the way down it meets the newest.
  await thread.message('as I said').locator('.quote').click();
  await arrivedAt(thread, 'message 2000');
  await seed(bilal, conversation, ['and once more']);
  await scrollDownTo(thread, 'and once more');
  await expect(thread.pill).toHaveCount(0);
  await thread.endsWith(
    'message 2399',
    'message 2400',
    'as I said',
    'and long before',
    'let me look',
    'meanwhile',
    'and once more',
  );
});

test('writing while far back leads to the newest, and Back to where one was', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(300));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 300');
  await page.goto(`${path}?at=20`);
  await alive(page);
  await arrivedAt(thread, 'message 20');
  await thread.write('I am here');
  await expect(thread.message('I am here')).toBeInViewport();
  await thread.endsWith('message 300', 'I am here');
  await page.goBack();
  await expect(page).toHaveURL(path);
  await page.goForward();
  await expect(page).toHaveURL(`${path}?at=20`);
  await arrivedAt(thread, 'message 20');
});

test('what is beside the messages leaves the reader at the place of the address', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(300));
  const device = await bilal.device();
  await device.ask(conversation, { text: { text: 'as you said', reply_to: 20 } });
  const desk = { viewport: { width: 1440, height: 900 } };
  const page = await ayesha.open(`${path}?at=20`, desk);
  const thread = new Thread(page);
  await arrivedAt(thread, 'message 20');
  await thread.message('message 20').locator('.thread-line').click();
  const side = page.getByRole('region', { name: 'Thread' }).and(page.locator('.thread-side'));
  await expect(side.getByRole('article').last()).toContainText('as you said');
  await thread.scrollUp(150);
  await thread.atRest();
  const there = thread.message('message 15').first();
  const top = await thread.top(there);
  await page.keyboard.press('Escape');
  await expect(side).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`${path}\\?at=20`));
  await thread.atRest();
  expect(Math.abs((await thread.top(there)) - top)).toBeLessThan(2);
  await expect(thread.message('message 300')).toHaveCount(0);
  expect((await ayesha.summary(conversation)).unread).toBe(1);
});

test('what changes far back changes on the screen', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(300));
  const thread = new Thread(await ayesha.open(`${path}?at=20`));
  await arrivedAt(thread, 'message 20');
  const device = await bilal.device();
  await device.ask(conversation, { edit: { target: 21, text: 'another text' } });
  await expect(thread.message('another text')).toHaveCount(1);
  await device.ask(conversation, { delete: { target: 22 } });
  await expect(thread.message('message 22')).toHaveCount(0);
});

async function copyLink(page: Page, thread: Thread, text: string): Promise<void> {
  await thread.message(text).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Copy link' }).click();
}

test('a copied link leads others to the message, and strangers nowhere', async ({
  pair,
  signUp,
  noise,
}) => {
  noise.expect(/status of 404/);
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(100));
  const browser = await ayesha.browser();
  await browser.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await browser.newPage();
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  await copyLink(page, thread, 'message 95');
  await expect(page.getByTestId('spoken')).toHaveText('Link copied');
  const link = await page.evaluate(async () => navigator.clipboard.readText());
  expect(new URL(link).pathname + new URL(link).search + new URL(link).hash).toBe(`${path}?at=95#at`);

  const his = new Thread(await bilal.open(`${path}?at=95`));
  await arrivedAt(his, 'message 95');

  const zoya = await signUp();
  const hers = await zoya.open(`${path}?at=95`);
  await expect(hers.getByRole('main')).not.toContainText('message 95');
  const other = await zoya.open(`/c/01K0000000000000000000000A?at=95`);
  const [one, two] = await Promise.all([hers, other].map((it) => it.getByRole('main').innerText()));
  expect(one).toBe(two);
});

test('on a phone the address of a message opens at it', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(300));
  const page = await (await ayesha.browser(PHONE)).newPage();
  await page.goto(`${path}?at=20`);
  await alive(page);
  const thread = new Thread(page);
  await arrivedAt(thread, 'message 20');
  await expectAccessible(page, 'a conversation around a place');
  await thread.pill.tap();
  await expect(thread.message('message 300')).toBeInViewport();
});
