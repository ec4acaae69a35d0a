import { DARK_COLORS, FONT_FAMILY } from './chart-theme';

/** Light and dark values of the page's colours. */
const PAGE_COLORS = {
  page: ['#ffffff', '#14181e'],
  panel: ['#f6f7f9', '#1b2028'],
  ink: ['#1d232d', '#e3e7ee'],
  muted: ['#566071', '#a4adbb'],
  rule: ['#d9dee6', '#333b47'],
  link: ['#1f5fc4', '#7fb0ff'],
  warning: ['#9a5b00', '#f0b35c'],
  'warning-panel': ['#fff6e5', '#2b2416'],
} as const;

/** The style sheet of a report. Charts in dark mode: their colours are found by value and swapped. */
export function reportStyle(): string {
  return [
    `:root { color-scheme: light dark;${pageColors(0)} }`,
    `@media screen and (prefers-color-scheme: dark) {\n:root {${pageColors(1)} }\n${darkCharts()}\n}`,
    LAYOUT,
    PRINT,
    '',
  ].join('\n');
}

function pageColors(mode: 0 | 1): string {
  return Object.entries(PAGE_COLORS)
    .map(([name, values]) => ` --${name}: ${values[mode]};`)
    .join('');
}

function darkCharts(): string {
  return Object.entries(DARK_COLORS)
    .flatMap(([light, dark]) =>
      ['fill', 'stroke'].map((paint) => `.serial-oe-chart [${paint}="${light}"] { ${paint}: ${dark}; }`),
    )
    .join('\n');
}

const LAYOUT = `* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 96rem; padding: 2.5rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 16px/1.55 ${FONT_FAMILY}; overflow-wrap: break-word; }
header { border-bottom: 1px solid var(--rule); padding-bottom: 1.25rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.75rem 0 0.75rem; }
h3 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
h4, h5, h6 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0.6rem 0; max-width: 48rem; }
a { color: var(--link); }
a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.subtitle { font-size: 1.1rem; color: var(--muted); margin: 0.35rem 0 0; }
.date { color: var(--muted); font-size: 0.9rem; margin: 0.35rem 0 0; }
.remark { border-left: 4px solid var(--rule); background: var(--panel); padding: 0.6rem 1rem; border-radius: 0 6px 6px 0; }
.remark.warning { border-color: var(--warning); background: var(--warning-panel); }
.remark.warning strong { color: var(--warning); }
.highlights { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.25rem 0 0; }
.highlights div { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 0.6rem 1.1rem;
  min-width: 8rem; }
.highlights dt { color: var(--muted); font-size: 0.85rem; }
.highlights dd { margin: 0; font-size: 1.6rem; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin: 1rem 0 0; padding: 0; font-size: 0.95rem; }
summary { cursor: pointer; width: fit-content; }
summary > :is(h2, h3, h4, h5, h6) { display: inline-block; margin-bottom: 0.35rem; }
summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.scroll { overflow-x: auto; margin: 1rem 0 1.5rem; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); font-size: 0.9rem; padding-bottom: 0.45rem; }
th, td { padding: 0.35rem 0.9rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: baseline; }
thead th { border-bottom: 2px solid var(--muted); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
tbody.summary tr:first-child > * { border-top: 2px solid var(--muted); }
tbody.summary th, tbody.summary td { background: var(--panel); font-weight: 600; }
.dense th, .dense td { padding: 0.35rem 0.5rem; }
.dense tbody th { min-width: 9rem; }
.spread { color: var(--muted); font-weight: 400; }
.right { text-align: right; }
.center { text-align: center; }
.fields { margin: 1rem 0 1.5rem; }
.fields th { color: var(--muted); font-weight: 500; vertical-align: top; }
.fields td { overflow-wrap: anywhere; white-space: pre-wrap; }
.unseen th { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.figures { display: grid; gap: 1.5rem; margin: 1rem 0 1.5rem; align-items: start; }
.columns-2 { grid-template-columns: repeat(auto-fit, minmax(min(100%, max(28rem, (100% - 1.5rem) / 2)), 1fr)); }
.columns-3 { grid-template-columns: repeat(auto-fit, minmax(min(100%, max(19rem, (100% - 3rem) / 3)), 1fr)); }
figure { margin: 0; min-width: 0; }
figure svg, figure img { display: block; max-width: 100%; height: auto; }
figure svg:not(.serial-oe-chart) { background: #fff; }
@media (max-width: 40rem) { body { padding: 1.5rem 1rem 3rem; } th, td { padding: 0.35rem 0.45rem; } }
figcaption { color: var(--muted); font-size: 0.9rem; margin-top: 0.35rem; max-width: 44rem; }`;

const PRINT = `@media print {
:root { color-scheme: light; }
body { max-width: none; padding: 0; font-size: 10.5pt; }
nav { display: none; }
details::details-content { content-visibility: visible; block-size: auto; }
h1, h2, h3, h4, h5, h6 { break-after: avoid; }
figure, tr, tbody.summary, .remark, .highlights { break-inside: avoid; }
thead { display: table-header-group; }
.scroll { overflow: visible; }
.dense { font-size: 7pt; }
.dense th, .dense td { padding: 0.2rem 0.25rem; }
.dense tbody th { min-width: 0; }
.columns-2 { grid-template-columns: repeat(2, 1fr); }
.columns-3 { grid-template-columns: repeat(3, 1fr); }
figure svg { max-height: 21cm; }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
@page { margin: 1.6cm; }
}`;
