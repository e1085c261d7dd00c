// Contrast of every pair of colours that meet on the screen, in every theme of themes.css.
// Prints a table; exits with 1 if a pair is too weak or a colour cannot be shown in sRGB.
//
//   npm run contrast
//
// OKLCH to sRGB: Björn Ottosson, "A perceptual color space for image processing". Ratio: WCAG
// 2.2, "contrast ratio". Text needs 4.5 (1.4.3), what is no text 3 (1.4.11).

import { readFileSync } from "node:fs";

const TEXT = 4.5;
const UI = 3;
/** What a browser rounds away when it shows a colour. */
const GAMUT_SLACK = 0.002;
/** How far daisyUI darkens a button under the pointer. */
const HOVER = 0.07;
const HUES = 8;
const BLACK = [0, 0, 0];

const paper = ["base-100", "base-200", "base-300"];
const bubbles = ["me", "peer"];

/** Foreground, backgrounds, least ratio. */
const PAIRS = [
  ["base-content", [...paper, ...bubbles], TEXT],
  ["muted", [...paper, ...bubbles], TEXT],
  ["primary", [...paper, ...bubbles], TEXT],
  ["error", [...paper, ...bubbles], TEXT],
  ["haldi", paper, TEXT],
  ["info", paper, TEXT],
  ["primary-content", ["primary", "primary:hover"], TEXT],
  ["secondary-content", ["secondary"], TEXT],
  ["accent-content", ["accent"], TEXT],
  ["neutral-content", ["neutral"], TEXT],
  ["info-content", ["info"], TEXT],
  ["success-content", ["success"], TEXT],
  ["warning-content", ["warning"], TEXT],
  ["error-content", ["error"], TEXT],
  ["avatar-ink", Array.from({ length: HUES }, (_, hue) => `avatar-${hue}`), TEXT],
  // Authors in a group.
  ...Array.from({ length: HUES }, (_, hue) => [`name-${hue}`, ["base-100"], TEXT]),
  // Strings in code; its other colours are above.
  ["success", ["base-100"], TEXT],
  // Borders of controls, and the dot that says "online". The ring around what has the focus is
  // `primary`, which is held to more above.
  ["field", paper, UI],
  ["success", paper, UI],
];

/** Where a browser is told the colour of the paper outside of the page, as `#rrggbb`. */
const PAPER_ELSEWHERE = [
  ["subah", "../app/src/lib.rs", /theme-color"[^>]*light\)" content="(#\w{6})"/],
  ["raat", "../app/src/lib.rs", /theme-color"[^>]*dark\)" content="(#\w{6})"/],
  ["subah", "../public/manifest.webmanifest", /"theme_color": "(#\w{6})"/],
  ["subah", "../public/manifest.webmanifest", /"background_color": "(#\w{6})"/],
];

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** `{ name: { token: value } }` of the theme blocks. */
function themes(text) {
  const found = {};
  for (const [, block] of text.matchAll(/@plugin "daisyui\/theme" \{([^}]*)\}/g)) {
    const name = /name:\s*"([^"]+)"/.exec(block)?.[1];
    const tokens = {};
    for (const [, token, value] of block.matchAll(/--(?:color|bc)-([\w-]+):\s*([^;]+);/g)) {
      tokens[token] = value.trim();
    }
    found[name] = tokens;
  }
  return found;
}

/** The hues of the avatars, from `.hue-0 { --hue: 20; }`. */
function hues(text) {
  return Array.from({ length: HUES }, (_, n) => {
    const rule = new RegExp(`\\.hue-${n} \\{ --hue: ([\\d.]+); \\}`).exec(text);
    if (!rule) throw new Error(`no hue ${n} in base.css`);
    return Number(rule[1]);
  });
}

/** Lightness, a and b of `oklch(98.5% 0.006 85)`. */
function parse(value) {
  const match = /^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$/.exec(value);
  if (!match) throw new Error(`not a plain oklch(): ${value}`);
  const [lightness, chroma, hue] = match.slice(1).map(Number);
  const angle = (hue * Math.PI) / 180;
  return [lightness / 100, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

/** Oklab to linear sRGB. */
function linear([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const clamp = (channel) => Math.min(1, Math.max(0, channel));
const encode = (c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
const decode = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
/** The channels as they are shown, 0 to 255. */
const bytes = (rgb) => rgb.map((channel) => Math.round(encode(clamp(channel)) * 255));
const hex = (rgb) => `#${bytes(rgb).map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
const inGamut = (rgb) =>
  rgb.every((channel) => {
    const shown = encode(Math.abs(channel)) * Math.sign(channel);
    return shown >= -GAMUT_SLACK && shown <= 1 + GAMUT_SLACK;
  });

/** WCAG's relative luminance of what is shown. */
function luminance(rgb) {
  const [r, g, b] = bytes(rgb).map((byte) => decode(byte / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** All colours of a theme in linear sRGB, with those that are made from others. */
function colours(tokens, avatarHues) {
  const oklab = {};
  for (const [token, value] of Object.entries(tokens)) {
    if (value.startsWith("oklch(")) oklab[token] = parse(value);
  }
  const mix = (one, other, share) => one.map((c, n) => c * (1 - share) + other[n] * share);
  oklab["primary:hover"] = mix(oklab.primary, BLACK, HOVER);
  avatarHues.forEach((hue, n) => {
    for (const what of ["avatar", "name"]) {
      const value = `oklch(${tokens[`${what}-l`]} ${tokens[`${what}-c`]} ${hue})`;
      oklab[`${what}-${n}`] = parse(value);
    }
  });
  return Object.fromEntries(Object.entries(oklab).map(([token, lab]) => [token, linear(lab)]));
}

/** What `prefers-contrast: more` puts in place, read from themes.css. */
function more(text, tokens) {
  const block = /@media \(prefers-contrast: more\) \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? "";
  const changed = { ...tokens };
  for (const [, token, from] of block.matchAll(
    /--bc-([\w-]+):\s*var\(--(?:color|bc)-([\w-]+)\)/g,
  )) {
    changed[token] = tokens[from];
  }
  return changed;
}

let checked = 0;
const failures = [];

function check(name, tokens, avatarHues) {
  const rgb = colours(tokens, avatarHues);
  for (const [token, colour] of Object.entries(rgb)) {
    if (!inGamut(colour)) failures.push(`${name}: ${token} is outside sRGB`);
  }
  for (const [front, backs, least] of PAIRS) {
    for (const back of backs) {
      if (!rgb[front] || !rgb[back]) throw new Error(`${name} lacks ${front} or ${back}`);
      const is = ratio(rgb[front], rgb[back]);
      const line = [
        name.padEnd(12),
        `${front} on ${back}`.padEnd(32),
        hex(rgb[front]),
        hex(rgb[back]),
        is.toFixed(2).padStart(6),
        `>= ${least}`,
      ].join("  ");
      checked += 1;
      if (is < least) failures.push(line);
      console.log(is < least ? `${line}  TOO WEAK` : line);
    }
  }
}

const source = read("themes.css");
const avatarHues = hues(read("base.css"));
const all = themes(source);
if (Object.keys(all).length === 0) throw new Error("no themes in themes.css");
for (const [name, tokens] of Object.entries(all)) {
  check(name, tokens, avatarHues);
  check(`${name}, more`, more(source, tokens), avatarHues);
}
for (const [name, file, pattern] of PAPER_ELSEWHERE) {
  const said = pattern.exec(read(file))?.[1];
  const paper = hex(linear(parse(all[name]["base-100"])));
  if (said !== paper) failures.push(`${file}: ${said}, but ${name} is ${paper}`);
}
console.log(`\n${checked} pairs, ${failures.length} failures`);
if (failures.length > 0) {
  console.error(failures.join("\n"));
  process.exit(1);
}
