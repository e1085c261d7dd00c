import { expectAccessible } from '../support/axe.ts';
import { Organiser } from '../support/organising.ts';
import { PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

test('conversations and people are gone to by keyboard alone', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const [sana, zoya] = [await signUp('سنا'), await signUp('ज़ोया')];
  await seed(bilal, conversation, ['Chai at 5?']);
  const hers = await ayesha.openDirect(sana);
  const page = await ayesha.open(path);
  const it = new Organiser(page);
  const thread = new Thread(page);
  await thread.composer.focus();
  await page.keyboard.press('Control+k');
  const field = it.switcher.getByRole('combobox');
  const options = it.switcher.getByRole('option');
  await expect(field).toBeFocused();
  // The recent ones, but the one that is on screen.
  await expect(options).toHaveCount(1);
  await expect(options).toContainText(sana.name);

  // By the beginning of a word, in its script.
  await page.keyboard.type('سن');
  await expect(options.first()).toContainText(sana.name);
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await expect(field).toHaveAttribute('aria-activedescendant', /.+/);
  await page.keyboard.press('Enter');
  await expect(it.switcher).toBeHidden();
  await expect(page).toHaveURL(`/c/${hers}`);
  await expect(page.getByRole('heading', { name: sana.name, level: 1 })).toBeVisible();
  await expect(thread.composer).toBeFocused();

  // Whoever is not in the list is found by the server.
  await page.keyboard.press('Control+k');
  await page.keyboard.type(zoya.name);
  await expect(options).toHaveCount(1);
  await expect(options).toContainText(`@${zoya.person.username}`);
  await expect(it.switcher.getByRole('status')).toHaveText('1 result');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: zoya.name, level: 1 })).toBeVisible();

  // Arrows go round, Escape closes, and nothing has moved.
  await page.keyboard.press('Control+k');
  await expect(options).toHaveCount(2);
  await page.keyboard.press('ArrowUp');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(it.switcher).toBeHidden();
  await expect(thread.composer).toBeFocused();
});

test('without a network what is known is found, and the rest is said', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, conversation } = pair;
  await seed(bilal, conversation, ['Chai at 5?']);
  const page = await ayesha.open('/');
  const it = new Organiser(page);
  await page.context().setOffline(true);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('bil');
  await expect(it.switcher.getByRole('option')).toContainText(bilal.name);
  await expect(it.switcher.getByRole('status')).toContainText('Other people could not be searched.');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/c/${conversation}`);
});

test('by touch the switcher fills a phone', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  const it = new Organiser(await ayesha.open('/', PHONE));
  await it.page.getByRole('link', { name: 'Go to a conversation' }).tap();
  await expect(it.switcher).toBeInViewport({ ratio: 1 });
  await it.switcher.getByRole('combobox').fill('nobody is called this');
  await expect(it.switcher.getByRole('status')).toHaveText(
    'Nothing is called “nobody is called this”.',
  );
  await it.switcher.getByRole('combobox').fill(bilal.name);
  await expectAccessible(it.page, 'the switcher on a phone');
  await it.switcher.getByRole('option', { name: bilal.name }).tap();
  await expect(it.page).toHaveURL(`/c/${conversation}`);
});

for (const options of [{}, { locale: 'ur-PK', colorScheme: 'dark' as const }]) {
  test(`no rule is broken by the switcher: ${JSON.stringify(options)}`, async ({ pair }) => {
    const it = new Organiser(await pair.ayesha.open('/', options));
    await it.page.keyboard.press('Control+k');
    await expect(it.switcher.getByRole('option')).toHaveCount(1);
    await expectAccessible(it.page, 'the switcher');
  });
}
