import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

/** The page on which messages are looked for. */
class Search {
  readonly page: Page;
  readonly field: Locator;
  readonly hits: Locator;
  readonly status: Locator;
  readonly alert: Locator;
  readonly more: Locator;

  constructor(page: Page) {
    this.page = page;
    const main = page.getByRole('main');
    this.field = main.getByRole('searchbox', { name: 'Words in messages' });
    this.hits = main.getByRole('list', { name: 'Messages found' }).getByRole('link');
    this.status = page.locator('#search-status');
    this.alert = main.locator('.form-summary');
    this.more = page.getByTestId('search-more');
  }

  hit(text: string): Locator {
    return this.hits.filter({ hasText: text });
  }
}

const GREETINGS = ['kaise ho bhai', 'आप कैसे हो', 'آپ کیسے ہو', 'something else'];

for (const width of [390, 1440]) {
  const options = width === 390 ? PHONE : { viewport: { width, height: 900 } };

  test(`at ${width} px words are found in every script, and lead to the message and back`, async ({
    pair,
    signUp,
  }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, [...GREETINGS, ...numbered(150)]);
    // What others say to each other is nobody's hit.
    const zoya = await signUp('Zoya');
    await seed(zoya, await zoya.openDirect(bilal), ['kaise ho, only between us']);

    const page = await (await ayesha.browser(options)).newPage();
    await page.goto('/');
    await alive(page);
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    const search = new Search(page);
    await expect(page.getByRole('heading', { name: 'Search messages' })).toBeVisible();
    await expect(search.status).toContainText('in any script');
    await search.field.pressSequentially('kaise');
    await expect(search.hits).toHaveCount(3);
    await expect(search.status).toHaveText('3 messages found');
    await expect(page).toHaveURL('/search?q=kaise');
    for (const word of ['kaise', 'कैसे', 'کیسے']) {
      await expect(search.hits.locator('mark', { hasText: word })).toHaveCount(1);
    }
    await expect(search.hits.first()).toContainText(bilal.name);
    await expectAccessible(page, 'the results of a search');

    // By keyboard along the results, and into one of them.
    await search.field.press('ArrowDown');
    await expect(search.hits.nth(0)).toBeFocused();
    await page.keyboard.press('End');
    await expect(search.hits.nth(2)).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(search.hits.nth(1)).toBeFocused();
    const opened = await search.hits.nth(1).getAttribute('href');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(opened ?? '');
    const thread = new Thread(page);
    await expect(page.locator('article:focus')).toContainText(/कैसे|کیسے/);
    await expect(thread.message('message 150')).toHaveCount(0);

    // Back: query, results and place are as they were.
    if (width === 390) {
      await page.getByRole('link', { name: 'Back' }).tap();
    } else {
      await page.goBack();
    }
    await expect(page).toHaveURL('/search?q=kaise');
    await expect(search.field).toHaveValue('kaise');
    await expect(search.hits).toHaveCount(3);
    await expect(search.hits.nth(1)).toBeFocused();

    // Bilal looks for the same with other letters, and finds what he may.
    const his = await (await bilal.browser(options)).newPage();
    await his.goto(`/search?q=${encodeURIComponent('کیسے')}`);
    await alive(his);
    const found = new Search(his);
    await expect(found.hits).toHaveCount(4);
    await expect(found.hit('only between us')).toContainText(zoya.name);
    expect(path).toContain(conversation);
  });
}

test('one conversation is searched from its bar and by the keyboard', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const zoya = await signUp('Zoya');
  await seed(bilal, conversation, ['samosas here']);
  await seed(zoya, await ayesha.openDirect(zoya), ['samosas there']);
  const page = await ayesha.open(path);
  await page.getByRole('main').getByRole('link', { name: 'Search messages' }).click();
  const search = new Search(page);
  await expect(search.field).toBeFocused();
  await expect(page.getByTestId('within')).toContainText(`Search in ${bilal.name}`);
  await page.keyboard.type('samosas');
  await expect(search.hits).toHaveCount(1);
  await expect(search.hits).toContainText('here');
  await page.getByRole('link', { name: 'Search in all conversations instead' }).click();
  await expect(search.hits).toHaveCount(2);

  await search.hit('there').click();
  await expect(page.getByRole('heading', { name: zoya.name, exact: true })).toBeVisible();
  await page.keyboard.press('Control+Shift+F');
  await expect(search.field).toBeFocused();
  await expect(page.getByTestId('within')).toContainText(`Search in ${zoya.name}`);
});

test('filters are at hand, and what is wrong with one is said', async ({ pair, noise }) => {
  // The browser writes down what is refused.
  noise.expect(/status of 404/);
  const { ayesha, bilal, conversation } = pair;
  await seed(bilal, conversation, ['chai at five', 'chai: https://example.org/menu']);
  await seed(ayesha, conversation, ['my chai']);
  const page = await ayesha.open('/search');
  const search = new Search(page);
  await search.field.fill('chai');
  await expect(search.hits).toHaveCount(3);
  await page.getByRole('link', { name: /^from:/ }).click();
  await expect(search.field).toHaveValue('chai from:');
  await expect(search.field).toBeFocused();
  // Slower than the page looks things up: it must not take the focus.
  await page.keyboard.type(bilal.person.username, { delay: 300 });
  await expect(search.field).toBeFocused();
  await expect(search.hits).toHaveCount(2);
  await page.getByRole('link', { name: /^has:link/ }).click();
  await expect(search.hits).toHaveCount(1);

  await search.field.fill('chai before:yesterday');
  await expect(search.status).toHaveText(
    '“before:yesterday”: a day follows, as in before:2026-01-31.',
  );
  await expect(search.hits).toHaveCount(0);
  await search.field.fill('chai in:nowhere');
  await expect(search.alert).toContainText('You have no single conversation called “nowhere”.');
  await search.field.fill(`chai in:@${bilal.person.username}`);
  await expect(search.hits).toHaveCount(3);
  await search.field.fill('nobodysaidthis');
  await expect(search.status).toHaveText(
    'No messages match “nobodysaidthis”. Everything was searched.',
  );
});

test('further results come below, and stay when one comes back', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seed(bilal, conversation, numbered(50).map((text) => `${text} kaise`));
  const page = await ayesha.open('/search?q=kaise');
  const search = new Search(page);
  await expect(search.hits).toHaveCount(20);
  await search.more.click();
  await expect(search.hits).toHaveCount(40);
  await search.more.click();
  await expect(search.hits).toHaveCount(50);
  await expect(search.more).toHaveCount(0);
  await expect(search.status).toHaveText('50 messages found');
  await search.hit('message 3 kaise').click();
  await expect(new Thread(page).message('message 3 kaise')).toBeFocused();
  await page.goBack();
  await expect(search.hits).toHaveCount(50);
  await expect(search.hit('message 3 kaise')).toBeFocused();
  await expect(search.hit('message 3 kaise')).toBeInViewport();
});

test('without a connection the page says that the server searches, and goes on later', async ({
  pair,
  noise,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation } = pair;
  await seed(bilal, conversation, ['chai at five']);
  const browser = await ayesha.browser();
  const page = await browser.newPage();
  await page.goto('/search');
  await alive(page);
  const search = new Search(page);
  await browser.setOffline(true);
  await search.field.fill('chai');
  await expect(search.alert).toContainText('You are offline. Messages are searched by the server');
  await expect(page.getByTestId('connection-strip')).toContainText('Offline');
  await browser.setOffline(false);
  await expect(search.hits).toHaveCount(1);
});

test('without script messages are found page by page', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seed(bilal, conversation, numbered(30).map((text) => `${text} kaise`));
  const browser = await ayesha.browser({ javaScriptEnabled: false });
  const page = await browser.newPage();
  await page.goto('/search');
  const search = new Search(page);
  await search.field.fill('कैसे');
  await search.field.press('Enter');
  await expect(search.hits).toHaveCount(20);
  await expect(search.status).toHaveText('20 messages found');
  await search.more.click();
  await expect(search.hits).toHaveCount(10);
  await search.hit('message 7 kaise').click();
  await expect(new Thread(page).message('message 7 kaise')).toBeInViewport();
});
