import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { askPoll } from '../support/asking.ts';
import { expectAccessible } from '../support/axe.ts';
import { SocketGate } from '../support/gate.ts';
import { inGroup } from '../support/in-group.ts';
import { alive, PHONE } from '../support/people.ts';
import { expect } from '../support/test.ts';
import { row } from '../support/thread.ts';
import type { Intent } from '../support/wire.ts';

const test = inGroup(['Meera', 'Imran', 'زویا Khan'], 'Trip');

const QUESTION = 'Where to on Sunday?';
const SEA = 'Sea';
const HILLS = 'पहाड़';

function poll(question: string, several = false, anonymous = false): Intent {
  const answers = [SEA, HILLS];
  return { poll: { question, answers, several, anonymous, lifetime: 'forever' } };
}

function card(page: Page): Locator {
  return page.getByRole('group', { name: QUESTION });
}

function answer(page: Page, name: string): Locator {
  return card(page).getByRole('radio', { name });
}

function answerBox(page: Page, name: string): Locator {
  return card(page).locator('.poll-answer', { hasText: name });
}

function button(page: Page, name: string): Locator {
  return card(page).getByRole('button', { name, exact: true });
}

const SCREENS: [string, BrowserContextOptions][] = [
  ['phone', PHONE],
  ['desk', { viewport: { width: 1440, height: 900 } }],
];

for (const [name, screen] of SCREENS) {
  test(`a poll is asked, voted in by two people and changed: ${name}`, async ({ group }) => {
    const { meera, imran, title, path } = group;
    const page = await meera.open(path, screen);
    await askPoll(page);
    const dialog = page.getByTestId('ask-poll');
    await dialog.getByLabel('Question').fill(QUESTION);
    await dialog.getByLabel('Answer 1', { exact: true }).fill(SEA);
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(dialog.getByRole('alert')).toHaveText('Give at least two answers.');
    await dialog.getByLabel('Answer 2', { exact: true }).fill(HILLS);
    await dialog.getByRole('button', { name: 'Add an answer' }).click();
    await expect(dialog.getByLabel('Answer 3', { exact: true })).toBeFocused();
    await expectAccessible(page, 'the dialog of a poll');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(card(page).getByRole('radio')).toHaveCount(2);

    const other = await imran.open('/', screen);
    await expect(row(other, title)).toContainText(`Poll: ${QUESTION}`);
    await expect(row(other, title)).toContainText('1 unread message');
    await row(other, title).click();
    await expect(button(other, 'Vote')).toHaveAttribute('aria-disabled', 'true');
    await answer(other, HILLS).check();
    await button(other, 'Vote').click();
    await expect(answerBox(other, HILLS)).toContainText('Your vote');
    await expect(answerBox(page, HILLS)).toContainText('1 vote');
    await expect(answerBox(page, HILLS).locator('progress')).toHaveAttribute('value', '1');
    await expectAccessible(page, 'a poll');

    await answer(page, SEA).check();
    await button(page, 'Vote').click();
    await expect(card(other)).toContainText('2 people have voted');
    await answer(other, SEA).check();
    await button(other, 'Change vote').click();
    await expect(answerBox(page, SEA)).toContainText('2 votes');
    await expect(answerBox(page, HILLS)).toContainText('0 votes');

    await button(page, 'Who voted').click();
    const who = page.getByTestId('about-message');
    await expect(who.getByTestId('poll-voters').first()).toContainText('Imran');
    await button(other, 'Take back vote').click();
    await expect(who.getByTestId('poll-voters').first()).not.toContainText('Imran');
    await page.keyboard.press('Escape');
    await page.reload();
    await alive(page);
    await expect(answer(page, SEA)).toBeChecked();
    await expect(card(page)).toContainText('1 person has voted');
  });
}

test('by keyboard alone: to the poll, a choice, a vote, and closing it', async ({ group }) => {
  const { meera, imran, conversation, path } = group;
  const device = await meera.device();
  const { seq } = await device.ask(conversation, poll(QUESTION));
  const page = await meera.open(path);
  await expect(card(page)).toBeVisible();
  await page.locator('#composer').focus();
  await page.locator('article[tabindex="0"]').focus();
  const radios = card(page).getByRole('radio');
  await radios.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(radios.nth(1)).toBeFocused();
  await expect(radios.nth(1)).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(button(page, 'Vote')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(answerBox(page, HILLS)).toContainText('1 vote');

  const theirs = await imran.open(path);
  await expect(card(theirs)).toContainText('1 person has voted');
  await expect(button(theirs, 'Close poll')).toHaveCount(0);
  await button(page, 'Close poll').focus();
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Close this poll?' });
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Close poll' }).press('Enter');
  await expect(card(theirs)).toContainText('Closed');
  await expect(radios.first()).toBeDisabled();
  const late = await (await imran.device())
    .ask(conversation, { vote: { target: seq, choices: 1 } })
    .catch((refused: unknown) => String(refused));
  expect(late).toContain('poll_closed');
});

test('a vote without a connection is kept through a reload and counted once', async ({ group, noise }) => {
  noise.expectBrokenConnections();
  const { meera, imran, conversation, path } = group;
  const device = await meera.device();
  await device.ask(conversation, poll(QUESTION));
  const browser = await imran.browser();
  const gate = await SocketGate.before(browser);
  const page = await browser.newPage();
  await page.goto(path);
  await alive(page);
  await expect(card(page)).toBeVisible();
  await expect.poll(() => gate.count('hello')).toBeGreaterThan(0);
  await gate.cut();
  await answer(page, SEA).check();
  await button(page, 'Vote').click();
  await expect(answerBox(page, SEA)).toContainText('1 vote');
  await page.reload();
  await alive(page);
  await expect(answer(page, SEA)).toBeChecked();
  gate.mend();
  const theirs = await meera.open(path);
  await expect(answerBox(theirs, SEA)).toContainText('1 vote');
  await expect(card(theirs)).toContainText('1 person has voted');
});

test('of an anonymous poll nobody is named, and several are chosen', async ({ group }) => {
  const { meera, imran, conversation, path } = group;
  const device = await meera.device();
  await device.ask(conversation, poll(QUESTION, true, true));
  const page = await meera.open(path);
  const theirs = await imran.open(path, PHONE);
  await expect(card(theirs)).toContainText('Choose one or more');
  await expect(card(theirs)).toContainText('Anonymous');
  for (const box of await card(theirs).getByRole('checkbox').all()) {
    await box.tap();
  }
  await button(theirs, 'Vote').tap();
  await expect(answerBox(page, SEA)).toContainText('100 %');
  await expect(answerBox(page, HILLS)).toContainText('100 %');
  await expect(card(page)).toContainText('1 person has voted');
  await expect(button(page, 'Who voted')).toHaveCount(0);
  const height = (await answerBox(theirs, SEA).locator('label').boundingBox())?.height ?? 0;
  expect(height).toBeGreaterThanOrEqual(40);
});

test('a poll is found, quoted and spoken as what it asks', async ({ group }) => {
  const { meera, imran, conversation, path } = group;
  const page = await imran.open(path);
  await expect(page.locator('#composer')).toBeVisible();
  const device = await meera.device();
  const { seq } = await device.ask(conversation, poll(QUESTION));
  await expect(page.getByTestId('announcer')).toContainText(`Poll: ${QUESTION}`);
  await device.ask(conversation, { text: { text: 'please answer', reply_to: seq } });
  await expect(page.locator('.quote')).toContainText(`Poll: ${QUESTION}`);
  await page.goto(`/search?q=${encodeURIComponent('पहाड़')}`);
  await expect(page.getByRole('main')).toContainText(QUESTION);
});
