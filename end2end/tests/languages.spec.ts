import { SignInForm } from '../support/forms.ts';
import { alive, PASSWORD, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

const URDU = { locale: 'ur-PK' };
const MIXED = 'سلام, see http://x.y/?a=1 ok!';

test('a browser that speaks Urdu gets Urdu, from right to left', async ({ stranger }) => {
  const page = await (await stranger(URDU)).newPage();
  await page.goto('/login');
  await alive(page);
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'ur');
  await expect(html).toHaveAttribute('dir', 'rtl');
  await expect(page.getByRole('heading', { name: 'سائن اِن' })).toBeVisible();
});

test('in Urdu the layout is mirrored and messages keep their direction', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const theirs = await bilal.device();
  await theirs.send(conversation, MIXED);
  await theirs.send(conversation, 'Plain English, as it was written.');
  await seed(ayesha, conversation, ['mine']);
  const page = await ayesha.open(path, URDU);
  const thread = new Thread(page);
  await thread.endsWith(MIXED, 'Plain English, as it was written.', 'mine');

  const [list, main] = [page.locator('.sidebar'), page.getByRole('main')];
  const edge = async (of: typeof list): Promise<number> => (await of.boundingBox())?.x ?? 0;
  expect(await edge(list)).toBeGreaterThan(await edge(main));

  const middle = async (text: string): Promise<number> => {
    const box = await thread.message(text).locator('.bubble').boundingBox();
    return (box?.x ?? 0) + (box?.width ?? 0) / 2;
  };
  // One's own stand at the end of the line, which is on the left here.
  expect(await middle('mine')).toBeLessThan(await middle(MIXED));

  const order = await thread.message(MIXED).locator('.bubble p').evaluate(visualOrder);
  expect(order.direction).toBe('rtl');
  expect(order.first).toBeGreaterThan(order.last);
  const plain = thread.message('Plain English, as it was written.').locator('.bubble p');
  expect((await plain.evaluate(visualOrder)).direction).toBe('ltr');
});

test('in English an Urdu message reads from the right and a name does not turn it', async ({
  signUp,
}) => {
  const [ayesha, urdu] = [await signUp('Ayesha'), await signUp('عائشہ')];
  const conversation = await ayesha.openDirect(urdu);
  await seed(urdu, conversation, ['first in English', MIXED]);
  const page = await ayesha.open(`/c/${conversation}`);
  const thread = new Thread(page);
  const mixed = await thread.message(MIXED).locator('.bubble p').evaluate(visualOrder);
  expect(mixed.direction).toBe('rtl');
  expect(mixed.first).toBeGreaterThan(mixed.last);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(urdu.name);
  await expect(page.getByRole('heading', { level: 1 }).locator('bdi')).toHaveText(urdu.name);
});

test('the language changes at once, without a reload, and is remembered', async ({ pair }) => {
  const page = await pair.ayesha.open('/settings/language');
  await page.evaluate(() => {
    document.documentElement.dataset.probe = 'same document';
  });
  const html = page.locator('html');
  await page.getByRole('main').getByRole('button', { name: 'اردو' }).click();
  await expect(html).toHaveAttribute('dir', 'rtl');
  await expect(page.getByRole('heading', { name: 'زبان', level: 2 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'اردو' })).toBeFocused();
  await page.getByRole('main').getByRole('button', { name: 'हिन्दी' }).click();
  await expect(html).toHaveAttribute('lang', 'hi');
  await expect(html).toHaveAttribute('dir', 'ltr');
  await expect(html).toHaveAttribute('data-probe', 'same document');

  await page.reload();
  await expect(html).toHaveAttribute('lang', 'hi');
  await page.goto(pair.path);
  await alive(page);
  const thread = new Thread(page);
  await thread.write('हिन्दी में');
  await thread.endsWith('हिन्दी में');
});

test('the language can be chosen before there is an account', async ({ signUp, stranger }) => {
  const zoya = await signUp();
  const page = await (await stranger(PHONE)).newPage();
  await page.goto('/login');
  await alive(page);
  await page.getByRole('button', { name: 'हिन्दी' }).tap();
  await expect(page.locator('html')).toHaveAttribute('lang', 'hi');
  await page.getByRole('button', { name: 'English' }).tap();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await new SignInForm(page).submit(zoya.email, PASSWORD);
  await expect(page.getByRole('heading', { name: 'No conversations yet' })).toBeVisible();
});

test('the hole in a screen is left free on its own side in Urdu too', async ({ pair }) => {
  const page = await pair.ayesha.open('/', URDU);
  const browser = await page.context().newCDPSession(page);
  await browser.send('Emulation.setSafeAreaInsetsOverride', { insets: { left: 40, right: 0 } });
  const frame = page.locator('.workspace');
  await expect(frame).toHaveCSS('padding-left', '40px');
  await expect(frame).toHaveCSS('padding-right', '0px');
});

test('choosing a language keeps what stands in the form', async ({ stranger }) => {
  const page = await (await stranger()).newPage();
  await page.goto('/signup');
  await alive(page);
  const written = { display_name: 'Zoya', username: 'zoya', email: 'z@example.org', password: 'chai' };
  for (const [id, value] of Object.entries(written)) {
    await page.locator(`#${id}`).fill(value);
  }
  await page.getByRole('button', { name: 'हिन्दी' }).click();
  await expect(page.getByRole('heading', { name: 'नया खाता बनाएँ' })).toBeVisible();
  for (const [id, value] of Object.entries(written)) {
    await expect(page.locator(`#${id}`)).toHaveValue(value);
  }
  await expect(page.getByRole('button', { name: 'हिन्दी' })).toBeFocused();
});

test('Urdu and Hindi letters are not cut off', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const words = ['क्षत्रिय ज्ञान श्रृंखला', 'ے گ ٹ یے ںگے', 'plain'];
  await seed(bilal, conversation, words);
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  await thread.endsWith(...words);
  await page.evaluate(() => document.fonts.ready);
  const leading = await thread.messages.locator('.bubble p').evaluateAll((paragraphs) =>
    paragraphs.map((paragraph) => {
      const { lineHeight, fontSize } = getComputedStyle(paragraph);
      return Math.round((parseFloat(lineHeight) / parseFloat(fontSize)) * 100) / 100;
    }),
  );
  expect(leading).toEqual([1.6, 2.1, 1.5]);
  for (const word of words) {
    const room = await thread.message(word).locator('.bubble p').evaluate((paragraph) => {
      const style = getComputedStyle(paragraph);
      const pen = document.createElement('canvas').getContext('2d');
      if (pen === null) {
        return { ink: Number.NaN, line: 0 };
      }
      pen.font = `${style.fontSize} ${style.fontFamily}`;
      const ink = pen.measureText(paragraph.textContent ?? '');
      const height = ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent;
      return { ink: height, line: paragraph.getBoundingClientRect().height };
    });
    expect(room.ink, `${word}: ink against line`).toBeLessThanOrEqual(room.line);
  }
});

/** The direction of a paragraph, and where its first and last characters stand. */
function visualOrder(paragraph: Element): { direction: string; first: number; last: number } {
  const text = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT).nextNode();
  const place = (from: number, to: number): number => {
    const range = document.createRange();
    if (text !== null) {
      range.setStart(text, from);
      range.setEnd(text, to);
    }
    return range.getBoundingClientRect().x;
  };
  const length = text?.textContent?.length ?? 1;
  return {
    direction: getComputedStyle(paragraph).direction,
    first: place(0, 1),
    // The sign at the end is neutral: it stands where the direction puts it.
    last: place(length - 1, length),
  };
}
