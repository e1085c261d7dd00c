import type { Page } from '@playwright/test';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, row, Thread } from '../support/thread.ts';

/** What has the focus, as a screen reader names it. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const node = document.activeElement;
    if (node === null || node === document.body) {
      return 'nothing';
    }
    const name = node.getAttribute('aria-label') ?? node.textContent ?? '';
    return `${node.tagName.toLowerCase()} ${name.trim().slice(0, 40)}`.trim();
  });
}

test('Tab walks from the top to the message box in a few steps', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(40));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 40');
  await thread.composer.blur();
  await page.evaluate(() => getSelection()?.removeAllRanges());
  const walk: string[] = [];
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to message box' })).toBeFocused();
  for (let step = 1; step <= 10; step += 1) {
    if (await thread.composer.evaluate((node) => node === document.activeElement)) {
      break;
    }
    walk.push(await focused(page));
    await page.keyboard.press('Tab');
  }
  expect(walk).not.toContain('nothing');
  await expect(thread.composer, walk.join(' → ')).toBeFocused();

  await page.keyboard.press('Shift+Tab');
  await expect(thread.messages.last()).toBeFocused();
});

test('the skip link leads to the message box', async ({ pair }) => {
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  await thread.composer.blur();
  const skip = page.getByRole('link', { name: 'Skip to message box' });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(thread.composer).toBeFocused();
});

test('arrows move among messages, Escape leads back', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(28));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 28');
  await thread.composer.focus();
  await page.keyboard.press('Shift+Tab');
  await expect(thread.message('message 28')).toBeFocused();
  for (let step = 0; step < 3; step += 1) {
    await page.keyboard.press('ArrowUp');
  }
  await expect(thread.message('message 25')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(thread.message('message 26')).toBeFocused();
  await page.keyboard.press('Home');
  const first = thread.messages.first();
  await expect(first).toBeFocused();
  await expect(first).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('End');
  await expect(thread.message('message 28')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(thread.composer).toBeFocused();
});

test('the list is one stop, and arrows move inside', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation } = pair;
  const sana = await signUp('Sana');
  const withSana = await ayesha.openDirect(sana);
  await seed(bilal, conversation, ['older']);
  await seed(sana, withSana, ['newer']);
  const page = await ayesha.open('/');
  const first = row(page, sana.name);
  const second = row(page, bilal.name);
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await expect(second).toBeFocused();
  await page.keyboard.press('Home');
  await expect(first).toBeFocused();
  await page.keyboard.press('End');
  await expect(second).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: bilal.name, level: 1 })).toBeVisible();
  await expect(second).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('navigation').getByRole('link').and(page.locator('[tabindex="0"]'))).toHaveCount(1);
});

test('a person is found and written to without a mouse', async ({ signUp }) => {
  const [ayesha, bilal] = [await signUp('Ayesha'), await signUp('Bilal')];
  const page = await ayesha.open('/new');
  await page.getByLabel('Name or username').focus();
  await page.keyboard.type(bilal.name);
  await expect(page.getByRole('button', { name: bilal.name })).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: bilal.name })).toBeFocused({ timeout: 100 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: bilal.name, level: 1 })).toBeVisible();
  await expect(new Thread(page).composer).toBeFocused();
  await page.keyboard.type('hello');
  await page.keyboard.press('Enter');
  await new Thread(page).endsWith('hello');
});

test('what has the focus is seen and not covered', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(28));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 28');
  await thread.composer.focus();
  await page.keyboard.press('Shift+Tab');
  for (let step = 0; step < 24; step += 1) {
    await page.keyboard.press('ArrowUp');
    const covered = await page.evaluate(() => {
      const node = document.activeElement;
      const box = node?.getBoundingClientRect();
      if (node === null || box === undefined) {
        return 'nothing has the focus';
      }
      const outline = getComputedStyle(node);
      if (outline.outlineStyle === 'none' || parseFloat(outline.outlineWidth) < 2) {
        return `${node.textContent} has no outline`;
      }
      const scroller = node.closest('.thread')?.getBoundingClientRect();
      const top = scroller?.top ?? 0;
      const bottom = scroller?.bottom ?? innerHeight;
      return box.top >= top && box.bottom <= bottom ? '' : `${node.textContent} is covered`;
    });
    expect(covered).toBe('');
  }
});
