import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds } from '../support/deeds.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

const ATTACKS = [
  '<img src=x onerror=alert(1)>',
  '<b>canary</b>',
  '"><svg onload=alert(1)>',
  'javascript:alert(1)',
  '[click](javascript:alert(1))',
  '[click](JaVaScRiPt:alert(1))',
  '[click](data:text/html,<script>alert(1)</script>)',
  '[click](https://user:secret@x.example)',
];
const SECRET = 'it was ||the butler||!';
const LONG = `const answer = "${'x'.repeat(300)}"; // why`;
const EVERYTHING = [
  '**bold** *slanted* ~~gone~~ `code` https://x.example/a?b=1',
  '- one\n- دو\n- three',
  '3. three\n2. two\n100000. many',
  '> quoted\n> **twice**\nand said',
  SECRET,
  '[a ||hidden|| label](https://x.example/)',
  `\`\`\`js\n${LONG}\n\`\`\``,
  '```\nno language\n```',
  '🎉🎊',
];

/** Elements of a message and what is said of them, without what only the framework needs. */
async function outline(message: Locator): Promise<string[]> {
  return message.locator('.bubble').evaluate((bubble) =>
    [...bubble.querySelectorAll('*')].map((node) =>
      [node.tagName, node.className, node.getAttribute('dir'), node.textContent].join(' '),
    ),
  );
}

async function outlines(thread: Thread): Promise<string[][]> {
  return Promise.all((await thread.messages.all()).map(outline));
}

/** Whether nothing but what may scrolls sideways. */
async function fits(page: Page): Promise<void> {
  const wider = await page.evaluate(() =>
    [document.documentElement, document.querySelector('.thread'), document.querySelector('.bubble')]
      .filter((node) => node !== null && node.scrollWidth > node.clientWidth + 1)
      .map((node) => node?.className),
  );
  expect(wider).toEqual([]);
}

test('HTML stays text and no address of a script is followed', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, ATTACKS);
  const page = await ayesha.open(path);
  page.on('dialog', (dialog) => {
    throw new Error(`a script ran: ${dialog.message()}`);
  });
  const thread = new Thread(page);
  await thread.endsWith(...ATTACKS);
  const forbidden = thread.messages.locator('.bubble').locator('img, b, svg, script, a');
  await expect(forbidden).toHaveCount(0);
  // What arrives while the page is alive is made by the browser.
  await seed(bilal, conversation, ATTACKS);
  await thread.endsWith(...ATTACKS, ...ATTACKS);
  await expect(forbidden).toHaveCount(0);
  await expect(row(page, bilal.name)).toContainText('[click](https://user:secret@x.example)');
});

test('both see the same, and so does the server', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const hers = new Thread(await ayesha.open(path));
  const his = new Thread(await bilal.open(path));
  for (const text of EVERYTHING) {
    await hers.write(text);
  }
  for (const thread of [hers, his]) {
    await expect(thread.messages).toHaveCount(EVERYTHING.length);
    await expect(thread.messages.last().locator('.large-emoji')).toHaveText('🎉🎊');
    const alone = await outlines(thread);
    await thread.page.reload();
    await alive(thread.page);
    await expect(thread.messages).toHaveCount(EVERYTHING.length);
    expect(await outlines(thread)).toEqual(alone);
    await expectAccessible(thread.page, 'markup');
  }
  const first = his.messages.first();
  await expect(first.locator('strong')).toHaveText('bold');
  await expect(first.locator('em')).toHaveText('slanted');
  await expect(first.locator('s')).toHaveText('gone');
  await expect(first.locator('code')).toHaveText('code');
  const link = first.getByRole('link');
  await expect(link).toHaveAttribute('href', 'https://x.example/a?b=1');
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', /noopener.*nofollow/);
});

test('lists count as typed and quotes end where they end', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, EVERYTHING.slice(1, 4));
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await expect(thread.messages).toHaveCount(3);
  const bullets = thread.messages.nth(0);
  const numbers = thread.messages.nth(1).locator('ol > li');
  const quote = thread.messages.nth(2);
  const items = bullets.getByRole('listitem');
  await expect(items).toHaveText(['one', 'دو', 'three']);
  const directions = items.evaluateAll((all) => all.map((item) => getComputedStyle(item).direction));
  expect(await directions).toEqual(['ltr', 'rtl', 'ltr']);
  const values = numbers.evaluateAll((all: HTMLLIElement[]) => all.map((item) => item.value));
  expect(await values).toEqual([3, 2, 100_000]);
  await expect(quote.locator('blockquote p')).toHaveText(['quoted', 'twice']);
  await expect(quote.locator('.bubble > p')).toHaveText('and said');

  // What can be done with a message can be done from within a list too.
  await items.first().hover();
  await expect(bullets.getByRole('toolbar')).toBeVisible();
  await fits(page);
});

test('hidden text is revealed by the keyboard, and nobody reads it before', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  const device = await bilal.device();
  await device.send(conversation, SECRET);
  await expect(page.getByRole('log')).toHaveText(`${bilal.name}: it was Hidden text!`);
  await expect(row(page, bilal.name)).toContainText('it was █████!');
  const message = thread.messages.last();
  const secret = message.getByText('the butler');
  const button = message.getByRole('button', { name: 'Hidden text' });
  await expect(secret).toBeHidden();
  await expect(message).not.toHaveAccessibleName(/butler/);
  await expect(button).toHaveAttribute('aria-expanded', 'false');

  await thread.composer.focus();
  await page.keyboard.press('Shift+Tab');
  await expect(message).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowLeft');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(secret).toBeVisible();
  await expect(button).toBeFocused();
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expect(message).toHaveAccessibleName(/the butler/);
  await page.keyboard.press('Space');
  await expect(secret).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(message).toBeFocused();
});

test('hidden text is revealed by a finger, which opens nothing else', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [SECRET]);
  const deeds = new Deeds(new Thread(await ayesha.open(path, PHONE)));
  const message = deeds.thread.messages.last();
  await message.getByRole('button', { name: 'Hidden text' }).tap();
  await expect(message.getByText('the butler')).toBeVisible();
  await expect(deeds.sheet).toBeHidden();
});

test('without script hidden text is shown to whoever asks for it', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [SECRET]);
  const page = await ayesha.open(path, { javaScriptEnabled: false });
  const message = new Thread(page).messages.last();
  await expect(message.getByText('the butler')).toBeHidden();
  await message.getByRole('button', { name: 'Hidden text' }).click();
  await expect(message.getByText('the butler')).toBeVisible();
});

test('code scrolls inside of itself, stays in its direction and is copied', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, [`\`\`\`js\n${LONG}\n\`\`\``, `\`${'y'.repeat(300)}\``]);
  const page = await ayesha.open(path, { ...PHONE, locale: 'ur-PK' });
  const deeds = new Deeds(new Thread(page));
  const code = deeds.thread.messages.first().locator('pre');
  await expect(code).toHaveText(LONG);
  await expect(code).toHaveCSS('direction', 'ltr');
  for (const part of ['code', 'code span']) {
    await expect(code.locator(part).first()).toHaveCSS('font-family', /monospace/);
  }
  expect(await code.evaluate((node) => node.scrollWidth > node.clientWidth)).toBe(true);
  await fits(page);
  const colours = code.locator('span').evaluateAll((all) =>
    all.map((span) => `${span.className} ${span.textContent?.slice(0, 6)}`),
  );
  expect(await colours).toEqual(['code-word const', 'code-string "xxxxx', 'code-comment // why']);

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await deeds.thread.messages.first().getByRole('button', { name: 'کوڈ کاپی کریں' }).tap();
  await expect(deeds.spoken).toHaveText('کاپی ہو گیا');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(LONG);
});

test('Hindi and Urdu are emphasised as they are written', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, ['**नमस्ते।**है', '**شکریہ۔**علی\n*ٹھیک* ہے', 'ठीक\nok']);
  const thread = new Thread(await ayesha.open(path));
  await expect(thread.messages).toHaveCount(3);
  const lines = (at: number): Locator => thread.messages.nth(at).locator('.bubble > p');
  const [hindi, urdu] = [lines(0), lines(1)];
  await expect(hindi.locator('strong')).toHaveText('नमस्ते।');
  await expect(hindi).toHaveClass('devanagari');
  await expect(urdu).toHaveText(['شکریہ۔علی', 'ٹھیک ہے']);
  for (const line of await urdu.all()) {
    await expect(line).toHaveAttribute('lang', 'ur');
    await expect(line).toHaveCSS('direction', 'rtl');
  }
  const stroke = await urdu
    .locator('strong')
    .evaluate((bold) => parseFloat(getComputedStyle(bold).webkitTextStrokeWidth));
  expect(stroke).toBeGreaterThan(0);
  await expect(urdu.locator('em')).toHaveCSS('font-style', 'normal');
  const leading = await lines(2).evaluateAll((lines) => lines.map((line) => line.className));
  expect(leading).toEqual(['devanagari', '']);
});

test('who is mentioned sees it', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const text = `@${ayesha.person.username} and @all, ask x@y.example`;
  await seed(bilal, conversation, [text]);
  for (const [person, count] of [[ayesha, 1], [bilal, 0]] as const) {
    const thread = new Thread(await person.open(path));
    await thread.endsWith(text);
    // In a conversation of two nobody is everybody.
    await expect(thread.messages.locator('.mention')).toHaveCount(1);
    await expect(thread.messages.locator('.mention-me')).toHaveCount(count);
  }
});

test('shortcuts set marks and take them away, and the browser undoes them', async ({ pair }) => {
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  const composer = thread.composer;
  await composer.pressSequentially('chai now');
  await composer.evaluate((node: HTMLTextAreaElement) => node.setSelectionRange(0, 4));
  const selected = (): Promise<string> =>
    composer.evaluate((node: HTMLTextAreaElement) =>
      node.value.slice(node.selectionStart, node.selectionEnd),
    );
  for (const [keys, marked] of [
    ['Control+b', '**chai** now'],
    ['Control+i', '*chai* now'],
    ['Control+e', '`chai` now'],
    ['Control+Shift+X', '~~chai~~ now'],
  ] as const) {
    await page.keyboard.press(keys);
    await expect(composer).toHaveValue(marked);
    expect(await selected()).toBe('chai');
    await page.keyboard.press(keys);
    await expect(composer).toHaveValue('chai now');
    expect(await selected()).toBe('chai');
  }
  await page.keyboard.press('Control+b');
  await page.keyboard.press('Control+z');
  await expect(composer).toHaveValue('chai now');

  // Without a selection, and where the letter is another one.
  await composer.fill('');
  await page.keyboard.press('Control+b');
  await composer.pressSequentially('haan');
  await composer.dispatchEvent('keydown', { key: 'ब', code: 'KeyB', ctrlKey: true });
  await composer.pressSequentially(', pakka');
  await expect(composer).toHaveValue('**haan**, pakka');
  await page.keyboard.press('Control+Enter');
  await expect(thread.messages.last().locator('strong')).toHaveText('haan');
});

test('a message is edited as it was typed, and quoted as it reads', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const page = await ayesha.open(path);
  const deeds = new Deeds(new Thread(page));
  const { composer, messages } = deeds.thread;
  await deeds.thread.write('**haan**, ||pakka||');
  await expect(messages.last().locator('[data-delivery]')).toHaveAttribute('data-delivery', 'sent');
  await expect(row(page, bilal.name)).toContainText('haan, █████');
  await composer.press('ArrowUp');
  await expect(composer).toHaveValue('**haan**, ||pakka||');
  await expect(deeds.mode).toContainText('haan, █████');
  await composer.fill('*haan*, pakka');
  await composer.press('Control+Enter');
  await expect(messages.last().locator('em')).toHaveText('haan');
  await expect(messages.last().locator('strong')).toHaveCount(0);

  const his = new Deeds(new Thread(await bilal.open(path)));
  await his.thread.messages.last().locator('.bubble').hover();
  await his.tool(his.thread.messages.last(), 'Reply').click();
  await his.thread.write('> *really*');
  await expect(messages.last().locator('.quote')).toContainText('haan, pakka');
  await expect(messages.last().locator('blockquote em')).toHaveText('really');
});
