import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { alive, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

/** As much of the document as is looked at. */
interface Exported {
  profile: { display_name: string };
  conversations: { id: string; messages: { content: { text?: { body: string } } }[] }[];
}

const PATH = '/settings/data';

/** A browser without a history keeps no page that it has downloaded. */
async function asked(page: Page, label: string): Promise<[string, string]> {
  const address = await page.getByRole('link', { name: label }).getAttribute('href');
  const answer = await page.request.get(address ?? '');
  expect(answer.ok()).toBe(true);
  const [, name] = /filename="([^"]+)"/.exec(answer.headers()['content-disposition'] ?? '') ?? [];
  return [name ?? '', await answer.text()];
}

async function downloaded(page: Page, press: () => Promise<void>): Promise<[string, string]> {
  const started = page.waitForEvent('download');
  await press();
  const file = await started;
  return [file.suggestedFilename(), await readFile(await file.path(), 'utf8')];
}

test('one’s data are downloaded as JSON and as a page, by keyboard', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  const device = await bilal.device();
  await device.sendAll(conversation, ['chai <b>at</b> five?', 'کیسے ہو']);
  await device.close();
  const browser = await ayesha.browser();
  const page = await browser.newPage();
  await page.goto('/settings');
  await alive(page);
  await page.getByRole('link', { name: 'Your data' }).click();
  await expect(page).toHaveURL(PATH);
  await expect(page.getByRole('heading', { name: 'Your data' })).toBeFocused();

  await page.getByRole('link', { name: 'Download as JSON' }).focus();
  const [name, text] = await downloaded(page, () => page.keyboard.press('Enter'));
  expect(name).toMatch(/^baatcheet-[a-z0-9-]+-\d{4}-\d\d-\d\d\.json$/);
  const all = JSON.parse(text) as Exported;
  const found = all.conversations.find(({ id }) => id === conversation);
  const bodies = found?.messages.map((message) => message.content.text?.body);
  expect(bodies?.slice(-2)).toEqual(['chai <b>at</b> five?', 'کیسے ہو']);
  expect(all.profile.display_name).toBe(ayesha.name);

  const [file, html] = await asked(page, 'Download as a page');
  expect(file).toMatch(/\.html$/);
  const reader = await browser.newPage();
  await reader.setContent(html);
  await expect(reader.getByText('chai <b>at</b> five?')).toBeVisible();
  await expect(reader.getByText('کیسے ہو')).toHaveCSS('direction', 'rtl');
  await expectAccessible(reader, 'the downloaded page');
  // The page stays where it was.
  await expect(page).toHaveURL(PATH);
});

test('the files are there without script, on a phone, by touch', async ({ pair }) => {
  const { ayesha } = pair;
  const browser = await ayesha.browser({ ...PHONE, javaScriptEnabled: false });
  const page = await browser.newPage();
  await page.goto(PATH);
  for (const [label, ending] of [
    ['Download as a page', 'html'],
    ['Download as JSON', 'json'],
  ] as const) {
    const link = page.getByRole('link', { name: label });
    const box = await link.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    const [name] =
      ending === 'json' ? await downloaded(page, () => link.tap()) : await asked(page, label);
    expect(name.endsWith(ending)).toBe(true);
  }
});
