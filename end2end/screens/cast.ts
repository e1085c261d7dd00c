import { test as base, expect } from '@playwright/test';
import { Noise } from '../support/noise.ts';
import { Account, type World } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { Server } from '../support/server.ts';

/** Who is in the pictures. */
export interface Cast {
  world: World;
  zoya: Account;
  ayesha: Account;
  /** Somebody without any conversation. */
  nobody: Account;
  /** The conversation of Zoya and Ayesha. */
  path: string;
  conversation: string;
  /** A group of Zoya, Ayesha and others. */
  group: string;
  /** A group that was asked something. */
  asked: string;
  /** The conversation of Zoya with somebody to be blocked. */
  unwanted: string;
  /** Somebody who shares nothing with Zoya, and has written to her. */
  stranger: Account;
  /** Their conversation. */
  request: string;
}

const LONG = `Dadi kehti hain: ${'chai pehle, baaki baad mein. '.repeat(12)}`;

/** Name, username, the last message, whether it was read. */
const OTHERS: [string, string, string, boolean][] = [
  ['Bilal Ahmed', 'bilal', 'ok, kal milte hain', true],
  ['प्रिया शर्मा', 'priya', 'कल की बैठक पाँच बजे है', false],
  ['عائشہ صدیقی', 'siddiqui', 'آپ کب آئیں گی؟', true],
  ['Sana Mirza', 'sana', '👍🏽', true],
  ['Shri Venkatanarasimharajuvaripeta Raghavendra', 'raghav', 'https://example.org/min.pdf', true],
];

async function talk(zoya: Account, ayesha: Account, conversation: string): Promise<void> {
  await seed(ayesha, conversation, ['Chai at 5?', 'At the usual place']);
  await seed(zoya, conversation, ['Haan, pakka', LONG]);
  await seedRead(ayesha, zoya, conversation, [
    'क्षत्रिय, ज्ञान और श्री — यह हिन्दी में है',
    'یہ پیغام اُردو میں ہے، ٹھیک؟',
    'سلام, see http://x.y/?a=1 ok!',
  ]);
  await seed(zoya, conversation, ['👨‍👩‍👧‍👦 🇮🇳 🇵🇰 👍🏽 ☕', 'two\nlines', 'ٹھیک ہے']);
}

const CODE = '```rust\nfn main() {\n    println!("chai"); // two sugars\n}\n```';

/** What is asked of a group, and answered. */
async function ask(zoya: Account, ayesha: Account, group: string): Promise<void> {
  const [owner, hers] = [await zoya.device(), await ayesha.device()];
  const asked = await hers.ask(group, {
    poll: {
      question: 'اتوار کو کہاں چلیں؟',
      answers: ['Clifton beach', 'पहाड़ों पर', 'گھر پر، چائے کے ساتھ'],
      several: true,
      anonymous: false,
      lifetime: 'week',
    },
  });
  for (const [device, choices] of [
    [owner, 0b101],
    [hers, 0b100],
  ] as const) {
    await device.ask(group, { vote: { target: asked.seq, choices } });
  }
  await owner.close();
  await hers.close();
}

/** A group in which everything has been done that can be done with messages. */
async function gather(zoya: Account, ayesha: Account, others: Account[]): Promise<string> {
  const group = await zoya.createGroup('Cricket on Sunday', [ayesha, ...others]);
  const owner = await zoya.device();
  const hers = await ayesha.device();
  await hers.send(group, 'Who brings the **bat**?');
  const question = (await zoya.summary(group)).last_seq;
  await owner.ask(group, { text: { text: 'Me, and the ~~ball~~ *two* balls', reply_to: question } });
  await hers.send(group, '- chai\n- samosas\n- ||a surprise||');
  await hers.send(group, CODE);
  const plan = (await zoya.summary(group)).last_seq;
  await hers.send(group, 'oops');
  await hers.ask(group, { delete: { target: plan + 1 } });
  for (const device of [owner, hers]) {
    await device.ask(group, { react: { target: question, emoji: '👍', on: true } });
  }
  await owner.ask(group, { react: { target: question, emoji: '🏏', on: true } });
  await owner.ask(group, { pin: { target: plan, on: true } });
  await owner.send(group, 'بارش نہ ہو تو گیارہ بجے');
  await hers.ask(group, { edit: { target: question, text: 'Who brings the **bat** this time?' } });
  await hers.send(group, '@zoya, chai at @siddiqui’s place? @all');
  await owner.close();
  await hers.close();
  return group;
}

async function assemble(world: World): Promise<Cast> {
  const zoya = await Account.signUp(world, 'Zoya Rehman', 'zoya');
  const ayesha = await Account.signUp(world, 'Ayesha Khan', 'ayesha');
  const nobody = await Account.signUp(world, 'Danish Iqbal', 'danish');
  const others = await Promise.all(OTHERS.map(([name, username]) => Account.signUp(world, name, username)));
  // Whoever is in a group with Zoya does not have to ask whether they may write to her.
  const group = await gather(zoya, ayesha, others);
  for (const [at, [, , text, isRead]] of OTHERS.entries()) {
    const other = others[at] as Account;
    const conversation = await zoya.openDirect(other);
    await (isRead ? seedRead(other, zoya, conversation, [text]) : seed(other, conversation, [text]));
  }
  const asked = await zoya.createGroup('Sunday', [ayesha, ...others.slice(0, 2)]);
  await ask(zoya, ayesha, asked);
  const conversation = await zoya.openDirect(ayesha);
  await talk(zoya, ayesha, conversation);
  const path = `/c/${conversation}`;
  const [bilal] = others as [Account, ...Account[]];
  const unwanted = await zoya.openDirect(bilal);
  const stranger = await Account.signUp(world, 'Kabir Anand', 'kabir');
  const request = await stranger.openDirect(zoya);
  await seed(stranger, request, ['Hello! Are you the Zoya from the chess club?', 'We met on Friday']);
  return {
    ...{ world, zoya, ayesha, nobody, stranger },
    ...{ conversation, path, group, asked, unwanted, request },
  };
}

/** A server of their own for each set of pictures, so that none shows what another left. */
export const test = base.extend<{ cast: Cast }>({
  cast: async ({ browser }, use) => {
    const server = await Server.start({ BAATCHEET_MESSAGE_REQUESTS: 'true' });
    const ends: (() => Promise<void>)[] = [];
    const noise = new Noise();
    const keep = (end: () => Promise<void>): number => ends.push(end);
    await use(await assemble({ origin: server.url, browser, noise, keep }));
    for (const end of ends.reverse()) {
      await end();
    }
    await server.stop();
  },
});

export { expect };
