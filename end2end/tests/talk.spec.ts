import { PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

test('two people find each other by name and talk in real time', async ({ signUp }) => {
  const [ayesha, bilal] = [await signUp('Ayesha'), await signUp('Bilal')];
  const [hers, his] = [await ayesha.open('/'), await bilal.open('/')];

  await hers.getByRole('link', { name: 'New chat' }).first().click();
  await hers.getByLabel('Name or username').fill(bilal.name.slice(0, 9).toLowerCase());
  await hers.getByRole('button', { name: bilal.name }).click();
  const atAyesha = new Thread(hers);
  await expect(hers.getByRole('heading', { name: bilal.name, level: 1 })).toBeVisible();
  await expect(
    hers.getByText(`This is the start of your conversation with ${bilal.name}.`),
  ).toBeVisible();
  await atAyesha.write('Chai at 5?');

  // Bilal had nothing on screen but an empty list.
  await row(his, ayesha.name).click();
  const atBilal = new Thread(his);
  await atBilal.endsWith('Chai at 5?');
  await atBilal.write('Haan, pakka');
  await atAyesha.endsWith('Chai at 5?', 'Haan, pakka');
  await atAyesha.write('See you there');
  await atBilal.endsWith('Chai at 5?', 'Haan, pakka', 'See you there');

  await expect(row(hers, bilal.name)).toContainText('See you there');
  await expect(row(his, ayesha.name)).toContainText('See you there');
});

test('somebody is found by username too, and nobody by nonsense', async ({ signUp }) => {
  const [ayesha, bilal] = [await signUp('Ayesha'), await signUp('Bilal')];
  const page = await ayesha.open('/new', PHONE);
  const search = page.getByLabel('Name or username');
  await search.fill(bilal.person.username.slice(0, -1));
  await expect(page.getByRole('button', { name: bilal.name })).toBeVisible();
  await search.fill('zzzzqqqqxxxx');
  await expect(page.getByText('No people match “zzzzqqqqxxxx”.')).toBeVisible();
  await expect(page.getByRole('button', { name: bilal.name })).toHaveCount(0);
});

test('notes to oneself are a conversation', async ({ signUp }) => {
  const zoya = await signUp();
  const page = await zoya.open('/new');
  await page.getByRole('button', { name: 'Write notes to yourself' }).click();
  await expect(page.getByText('These notes are shown to nobody but you.')).toBeVisible();
  const thread = new Thread(page);
  await thread.write('milk, haldi');
  await thread.endsWith('milk, haldi');
  await expect(row(page, 'Notes to self')).toContainText('milk, haldi');
});

test('both open the conversation at the same moment and meet in one', async ({ signUp }) => {
  const [ayesha, bilal] = [await signUp('Ayesha'), await signUp('Bilal')];
  const ids = await Promise.all([
    ayesha.openDirect(bilal),
    bilal.openDirect(ayesha),
    ayesha.openDirect(bilal),
  ]);
  expect(new Set(ids).size).toBe(1);
});

test('second tabs and second devices follow', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const hers = await ayesha.open(path);
  const hersToo = await hers.context().newPage();
  await hersToo.goto(path);
  const hisFirst = await bilal.open(path);
  const hisSecond = await hisFirst.context().newPage();
  await hisSecond.goto(path);
  const hisPhone = await bilal.open('/', PHONE);

  await new Thread(hers).write('one');
  for (const page of [hers, hersToo, hisFirst, hisSecond]) {
    await new Thread(page).endsWith('one');
  }
  await expect(row(hisPhone, ayesha.name)).toContainText('one');

  await new Thread(hisSecond).write('two');
  await new Thread(hersToo).write('three');
  for (const page of [hers, hersToo, hisFirst, hisSecond]) {
    await expect.poll(async () => (await new Thread(page).texts()).toSorted()).toEqual([
      'one',
      'three',
      'two',
    ]);
  }
  const orders = await Promise.all(
    [hers, hersToo, hisFirst, hisSecond].map((page) => new Thread(page).texts()),
  );
  expect(new Set(orders.map((texts) => texts.join()))).toHaveProperty('size', 1);
});

test('emoji, Hindi and Urdu arrive as they were written', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const texts = [
    'क्षत्रिय, ज्ञान और श्री — हिन्दी में',
    'یہ پیغام اُردو میں ہے، ٹھیک؟',
    '👨‍👩‍👧‍👦 🇮🇳 🇵🇰 👍🏽 ☕',
    'سلام, see http://x.y/?a=1 ok!',
    'two\nlines <b>& no markup</b>',
  ];
  const thread = new Thread(await ayesha.open(path));
  const other = new Thread(await bilal.open(path));
  for (const text of texts) {
    await thread.write(text);
  }
  await other.endsWith(...texts);
  await thread.endsWith(...texts);
  const device = await bilal.device();
  expect(await device.texts(conversation)).toEqual(texts);

  await other.page.reload();
  await other.endsWith(...texts);
});

test('who is there and who left is said in words', async ({ pair }) => {
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  await expect(thread.header).toContainText(pair.bilal.name);
  await expect(thread.header).not.toContainText('online');
  const bilal = await pair.bilal.open('/');
  await expect(thread.header).toContainText('online');
  await expect(row(page, pair.bilal.name)).toContainText('online');
  await bilal.close();
  await expect(thread.header).toContainText('last seen', { timeout: 20_000 });
  await expect(row(page, pair.bilal.name)).not.toContainText('online');
});
