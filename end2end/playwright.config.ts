import { defineConfig } from '@playwright/test';

/** Keeps the browser on this machine: nothing is fetched, synchronised or reported. */
const STAY_HOME = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/**
 * Each test loads the application into a browser that has never seen it. What the machine would
 * make of it in the background, to run it faster for hours, takes longer than the test.
 */
const SHORT_LIVED = ['--js-flags=--no-wasm-tier-up'];

const chromium = process.env.E2E_CHROMIUM;

export default defineConfig({
  outputDir: 'test-results',
  // Every test signs up people of its own, so that none can see another's.
  fullyParallel: true,
  // Each has a server and a browser of its own: two are what two cores carry.
  workers: 2,
  // On a machine of many, a test that passes at the second try is told as flaky; by hand none is.
  retries: process.env.CI === undefined ? 0 : 1,
  forbidOnly: process.env.CI !== undefined,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    locale: 'en-GB',
    timezoneId: 'Asia/Kolkata',
    viewport: { width: 1440, height: 900 },
    // Recording them takes a third of the whole time: where a test is tried again, or by `--trace on`.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      // Containers run as root, where Chromium's own sandbox refuses to start.
      args: ['--no-sandbox', ...STAY_HOME, ...SHORT_LIVED],
    },
  },
  projects: [
    { name: 'chat', testDir: 'tests' },
    { name: 'screenshots', testDir: 'screens', timeout: 180_000, workers: 2 },
  ],
});
