import type { BrowserContextOptions } from '@playwright/test';
import { alive } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, row, Thread } from '../support/thread.ts';

const HOUR = 60 * 60 * 1_000;

test('days have headings that change at midnight', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(3));
  const page = await (await ayesha.browser()).newPage();
  await page.clock.install();
  await page.goto(path);
  await alive(page);
  const heading = page.locator('.day').getByRole('heading');
  await expect(heading).toHaveText(['Today']);
  await page.clock.fastForward(24 * HOUR);
  await expect(heading.first()).toHaveText('Yesterday');
  await expect(row(page, bilal.name)).toContainText('Yesterday');
});

test('times are those of the reader’s place', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const { sent_at } = await (await bilal.device()).send(conversation, 'now');
  for (const timezoneId of ['Asia/Karachi', 'UTC', 'America/Los_Angeles']) {
    const page = await ayesha.open(path, { timezoneId });
    const time = new Thread(page).message('now').locator('time').first();
    await expect(time).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT.*Z$/);
    await expect
      .poll(async () => hourAndMinute((await time.textContent()) ?? ''))
      .toEqual(hourAndMinute(inZone(sent_at, timezoneId)));
  }
});

test('times are written as where the reader lives', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await (await bilal.device()).send(conversation, 'now');
  for (const [locale, written] of [
    ['en-US', /^\d{1,2}:\d\d\s[AP]M$/],
    ['en-GB', /^\d\d:\d\d$/],
  ] as const) {
    const page = await ayesha.open(path, { locale });
    await expect(new Thread(page).message('now').locator('time').first()).toHaveText(written);
  }
});

test('times follow the reader to another place', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const { sent_at } = await (await bilal.device()).send(conversation, 'now');
  const wherever = { timezoneId: undefined } as unknown as BrowserContextOptions;
  const page = await (await ayesha.browser(wherever)).newPage();
  const browser = await page.context().newCDPSession(page);
  const time = new Thread(page).message('now').locator('time').first();
  for (const timezoneId of ['Asia/Karachi', 'America/Los_Angeles']) {
    await browser.send('Emulation.setTimezoneOverride', { timezoneId });
    if (page.url() === 'about:blank') {
      await page.goto(path);
      await alive(page);
    }
    // As when somebody comes back to the tab.
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect
      .poll(async () => hourAndMinute((await time.textContent()) ?? ''))
      .toEqual(hourAndMinute(inZone(sent_at, timezoneId)));
  }
});

test('messages of one author within five minutes are one group', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, ['one', 'two']);
  await seed(ayesha, conversation, ['three']);
  await seed(bilal, conversation, ['four']);
  const thread = new Thread(await ayesha.open(path));
  await thread.endsWith('one', 'two', 'three', 'four');
  const heads = await thread.messages.evaluateAll((rows) =>
    rows.map((row) => row.classList.contains('message-head')),
  );
  expect(heads).toEqual([true, false, true, true]);
});

function inZone(at: number, timeZone: string): string {
  const style = { hour: 'numeric', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat('en', style).format(at);
}

/** Of a clock with twelve hours or with twenty-four. */
function hourAndMinute(text: string): number[] {
  const [hour, minute] = (text.match(/\d+/g) ?? []).map(Number);
  return [(hour ?? Number.NaN) % 12, minute ?? Number.NaN];
}
