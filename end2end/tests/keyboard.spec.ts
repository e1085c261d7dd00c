import type { Page } from '@playwright/test';
import { alive } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
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
  await seedRead(bilal, ayesha, conversation, numbered(40));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 40');
  await thread.composer.blur();
  await page.evaluate(() => getSelection()?.removeAllRanges());
  const walk: string[] = [];
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to message box' })).toBeFocused();
  for (let step = 1; step <= 14; step += 1) {
    if (await thread.composer.evaluate((node) => node === document.activeElement)) {
      break;
    }
    walk.push(await focused(page));
    await page.keyboard.press('Tab');
  }
  expect(walk).not.toContain('nothing');
  await expect(thread.composer, walk.join(' → ')).toBeFocused();

  await page.keyboard.press('Shift+Tab');
  await expect(thread.message('message 40')).toBeFocused();
  for (let press = 0; press < 3; press += 1) {
    await page.keyboard.press('ArrowUp');
  }
  await expect(thread.message('message 37')).toBeFocused();
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

test('keys scroll the messages; End leads back, and Escape by way of the composer', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(90));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith('message 90');
  await thread.composer.focus();
  const newest = thread.message('message 90');
  await page.keyboard.press('Shift+Tab');
  await expect(newest).toBeFocused();
  const away = async (): Promise<void> => {
    for (let press = 0; press < 3; press += 1) {
      await page.keyboard.press('PageUp');
    }
    await expect.poll(() => thread.distance()).toBeGreaterThan(1_000);
    await thread.atRest();
  };
  await away();
  await page.keyboard.press('End');
  await expect.poll(() => thread.distance()).toBe(0);
  await expect(newest).toBeInViewport();
  await expect(newest).toBeFocused();

  await away();
  const there = await thread.distance();
  await page.keyboard.press('Escape');
  await expect(thread.composer).toBeFocused();
  expect(await thread.distance()).toBe(there);
  // Back among the messages, past the way to the newest, the keyboard begins where the reader is.
  await page.keyboard.press('Shift+Tab');
  await expect(thread.pill).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(thread.messages.and(page.locator(':focus'))).toBeInViewport();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect.poll(() => thread.distance()).toBe(0);
  await expect(newest).toBeInViewport();
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

test('a row keeps the focus when the list takes another order', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation } = pair;
  const others = [await signUp('Sana'), await signUp('Danish')];
  for (const other of others) {
    await seed(other, await ayesha.openDirect(other), ['newer']);
  }
  const page = await ayesha.open('/');
  const last = row(page, bilal.name);
  const links = page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
  await expect(links).toHaveCount(3);
  await last.focus();
  await (await bilal.device()).send(conversation, 'now the newest');
  await expect(links.first()).toContainText('now the newest');
  await expect(last).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
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

test('whatever has the focus is seen', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(40));
  const page = await ayesha.open(path);
  await new Thread(page).endsWith('message 40');
  const settings = ['appearance', 'account', 'security'].map((name) => `/settings/${name}`);
  for (const address of [path, '/new', ...settings]) {
    await page.goto(address);
    await alive(page);
    for (let step = 0; step < 14; step += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(unseen), `${address}, step ${step}`).toBe('');
    }
  }
});

/** What is wrong with how the focus is shown; nothing if it is seen. */
function unseen(): string {
  const node = document.activeElement;
  if (node === null || node === document.body) {
    return '';
  }
  const name = `${node.tagName} ${node.getAttribute('aria-label') ?? node.textContent ?? ''}`;
  const frames: Element[] = [];
  for (let around: Element | null = node; around !== null; around = around.parentElement) {
    frames.push(around);
  }
  // The composer shows the focus of its text area around itself.
  const outlined = frames.slice(0, 2).some((frame) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(frame);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  if (!outlined) {
    return `${name} has no outline`;
  }
  const box = node.getBoundingClientRect();
  const x = box.x + Math.min(box.width / 2, 8);
  const top = document.elementFromPoint(x, box.y + Math.min(box.height / 2, 8));
  const isOnTop = top !== null && (node.contains(top) || frames.includes(top));
  return isOnTop ? '' : `${name} is covered`;
}
