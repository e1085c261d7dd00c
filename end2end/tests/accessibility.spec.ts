import type { BrowserContextOptions, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PHONE, type Account } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

interface Look {
  name: string;
  theme: 'subah' | 'raat';
  options: BrowserContextOptions;
}

const LOOKS: Look[] = [
  { name: 'wide, subah, English', theme: 'subah', options: {} },
  { name: 'phone, raat, English', theme: 'raat', options: PHONE },
  { name: 'wide, raat, Urdu', theme: 'raat', options: { locale: 'ur-PK' } },
  { name: 'phone, subah, Urdu', theme: 'subah', options: { ...PHONE, locale: 'ur-PK' } },
  { name: 'wide, raat, Hindi', theme: 'raat', options: { locale: 'hi-IN' } },
];

const EVERYTHING = [
  'Chai at 5?',
  'क्षत्रिय, ज्ञान और श्री',
  'یہ پیغام اُردو میں ہے',
  '👨‍👩‍👧‍👦 👍🏽',
  `a long one ${'word '.repeat(60)}`,
  'https://example.org/a/very/long/address?that=does&not=break',
];

for (const look of LOOKS) {
  test(`no rule is broken: ${look.name}`, async ({ noise, pair, signUp, stranger }) => {
    test.setTimeout(240_000);
    noise.expect(/status of 404/);
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, EVERYTHING);
    await seed(ayesha, conversation, ['mine', 'and mine']);
    await seed(bilal, conversation, ['new to her']);

    const outside = await themed(await stranger(look.options), look);
    for (const address of ['/login', '/signup', '/no/such/page']) {
      await outside.goto(address);
      await alive(outside);
      await expectAccessible(outside, address);
    }
    await outside.goto('/signup');
    await alive(outside);
    await outside.getByRole('textbox').nth(1).fill('a b');
    await outside.locator('form.form button[type=submit]').click();
    await expect(outside.locator('[aria-invalid=true]')).not.toHaveCount(0);
    await expectAccessible(outside, 'a refused sign-up');

    const nobody = await signUp('Sana');
    const empty = await opened(nobody, '/', look);
    await expectAccessible(empty, 'an empty list');

    const page = await opened(ayesha, '/', look);
    await expectAccessible(page, 'the list');
    const addresses = [
      path,
      '/new',
      `/new?q=${encodeURIComponent(bilal.name)}`,
      '/settings',
      '/settings/appearance',
      '/settings/language',
      '/settings/account',
      '/settings/security',
      '/settings/status',
      '/settings/data',
      '/saved',
      '/reminders',
      `/c/${'0'.repeat(26)}`,
    ];
    for (const address of addresses) {
      await page.goto(address);
      await alive(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expectAccessible(page, address);
    }
  });
}

for (const [device, options, least] of [
  ['a mouse', {}, 24],
  ['a finger', PHONE, 44],
] as const) {
  test(`everything is large enough for ${device}`, async ({ noise, pair }) => {
    test.setTimeout(240_000);
    noise.expectBrokenConnections();
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, EVERYTHING);
    for (const size of ['15', '12']) {
      const browser = await ayesha.browser(options);
      const page = await browser.newPage();
      await page.goto('/login');
      await browser.addCookies([{ name: 'bc_size', value: size, url: page.url() }]);
      const settings = ['appearance', 'account', 'status', 'security', 'data'].map((name) => `/settings/${name}`);
      const addresses = ['/', '/login', '/new', '/scheduled', ...settings];
      for (const address of addresses) {
        await page.goto(address);
        await alive(page);
        expect(await page.evaluate(tooSmall, least), `${address}, size ${size}`).toEqual([]);
      }
      await inTrouble(page, path, async (where) => {
        expect(await page.evaluate(tooSmall, least), `${where}, size ${size}`).toEqual([]);
      });
      await expect(page.locator('html')).toHaveAttribute('data-size', size);
      await browser.close();
    }
  });
}

test('a window of a few hundred pixels needs no scrolling to the side', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, EVERYTHING);
  const page = await ayesha.open(path, { viewport: { width: 320, height: 256 } });
  const settings = ['appearance', 'account', 'status', 'security', 'data'].map((name) => `/settings/${name}`);
  for (const address of [path, '/', '/new', '/scheduled', ...settings]) {
    await page.goto(address);
    await alive(page);
    const beyond = await page.evaluate(() =>
      [...document.querySelectorAll('body, body *')]
        .filter((node) => node.scrollWidth > node.clientWidth + 1)
        .filter((node) => ['auto', 'scroll', 'visible'].includes(getComputedStyle(node).overflowX))
        .filter((node) => getComputedStyle(node).display !== 'inline')
        .filter((node) => node.closest('.hidden-text, svg') === null)
        .map((node) => `${node.tagName} ${node.className}`),
    );
    expect(beyond, address).toEqual([]);
  }
  await page.goto(path);
  await alive(page);
  const thread = new Thread(page);
  await expect(thread.composer).toBeInViewport({ ratio: 0.9 });
  expect((await thread.scroller.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(48);
});

test('whoever wants no motion gets none', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const page = await ayesha.open(path, { reducedMotion: 'reduce' });
  const his = await bilal.device();
  // What comes in shows that the page is connected; typing is told only to those who are.
  await his.send(conversation, 'Chai at 5?');
  await expect(page.getByRole('article').filter({ hasText: 'Chai at 5?' })).toBeVisible();
  his.typing(conversation, true);
  await expect(page.getByText(`${bilal.name} is typing`)).toBeVisible();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => animation.playState === 'running')
      .filter((animation) => Number(animation.effect?.getComputedTiming().activeDuration) > 0)
      .map((animation) => String((animation.effect as KeyframeEffect).target?.className)),
  );
  expect(moving).toEqual([]);
});

test('placeholders do not flash for whoever wants no motion', async ({ pair }) => {
  const page = await pair.ayesha.open('/', { reducedMotion: 'reduce' });
  const delays = await page.evaluate(() => {
    const late = document.createElement('div');
    late.className = 'late';
    document.body.append(late);
    return late.getAnimations().map((animation) => animation.effect?.getTiming().delay);
  });
  expect(delays).toEqual([150]);
});

test('the parts of the page have names, and each address one heading', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const page = await ayesha.open(path);
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(
    page.getByRole('region', { name: `Conversation with ${bilal.name}` }),
  ).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(bilal.name);
});

async function themed(context: import('@playwright/test').BrowserContext, look: Look): Promise<Page> {
  const page = await context.newPage();
  // Before anything else: the theme is a cookie that the server reads.
  await page.goto('/login');
  await page.context().addCookies([{ name: 'bc_theme', value: look.theme, url: page.url() }]);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', look.theme);
  return page;
}

async function opened(account: Account, path: string, look: Look): Promise<Page> {
  const page = await themed(await account.browser(look.options), look);
  await page.goto(path);
  await alive(page);
  return page;
}

/** A conversation with a message that was not sent, then on a page that cannot connect. */
async function inTrouble(
  page: Page,
  path: string,
  look: (where: string) => Promise<void>,
): Promise<void> {
  await page.clock.install();
  const gate = await SocketGate.before(page);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  await page.goto(path);
  await alive(page);
  await expect.poll(() => gate.count('hello')).toBe(1);
  await new Thread(page).write('no answer');
  await expect.poll(() => gate.count('send')).toBe(1);
  await page.clock.fastForward(11_000);
  await expect(page.locator('.failed').getByRole('button')).toHaveCount(2);
  await look('a message that was not sent');
  await gate.cut();
  await expect(async () => {
    await page.clock.fastForward(31_000);
    const strip = page.getByTestId('connection-strip');
    await expect(strip.getByRole('button', { name: 'Retry' })).toBeVisible({ timeout: 500 });
  }).toPass();
  await look('no connection');
}

/** Whatever can be touched and is smaller than it should be. Links in a sentence may be. */
function tooSmall(least: number): string[] {
  const reaches = 'a[href], button, input, textarea, select, [role=button], [tabindex="0"]';
  return [...document.querySelectorAll<HTMLElement>(reaches)]
    .filter((node) => node.closest('.hidden-text, [hidden]') === null)
    .filter((node) => node.checkVisibility() && getComputedStyle(node).display !== 'inline')
    .map((node) => {
      // A label belongs to what it can be touched for.
      const target = node.matches('input') ? (node.closest('label') ?? node) : node;
      const box = target.getBoundingClientRect();
      return { node, box };
    })
    .filter(({ box }) => box.width > 1 && box.bottom > 0)
    .filter(({ box }) => box.width < least || box.height < least)
    .map(({ node, box }) => {
      const name = node.getAttribute('aria-label') ?? node.textContent?.trim().slice(0, 30);
      return `${node.tagName} "${name}": ${Math.round(box.width)}×${Math.round(box.height)}`;
    });
}
