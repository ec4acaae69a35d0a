import { linePlot, rocPlot, scoreHistogram, spectrogramPlot } from '../src/charts';
import type { HtmlReport, ReportSection } from '../src/index';
import { htmlReport, spectrogramImage } from '../src/index';
import type { XmlElement } from './support/parse-xml';
import { allElements, parseXml, textOf, textsOf } from './support/parse-xml';

const roc = rocPlot([{ label: 'id_00', fpr: [0, 0.2, 1], tpr: [0, 0.8, 1], auc: 0.8 }]);
const histogram = scoreHistogram({ normal: [1, 2, 3], anomalous: [2, 4, 5], threshold: 2.5 });
const clip = {
  data: Float32Array.from({ length: 24 * 30 }, (_, i) => 1 + Math.sin(i)),
  nMels: 24,
  nFrames: 30,
};
const png = spectrogramImage(clip);
const nasty = '<script>alert("1")</script> & \'x\'';

const full: HtmlReport = {
  title: 'Evaluation of fan',
  subtitle: 'Serial-OE',
  generatedAt: new Date('2025-03-04T05:06:07Z'),
  text: 'First paragraph.\n\nSecond paragraph.',
  highlights: [
    { label: 'aAUC', value: 0.93291, digits: 2, isPercent: true },
    { label: 'Clips', value: 400 },
  ],
  warnings: ['id_06 has no anomalous clips.'],
  sections: [
    {
      heading: 'Results',
      notes: ['A note.'],
      tables: [
        {
          caption: 'Per machine ID, percent',
          columns: [{ header: 'ID' }, { header: 'Clips' }, { header: 'AUC', digits: 1, isPercent: true }],
          rows: [
            ['id_00', 200, 0.9876],
            ['id_02', 1234, null],
          ],
          summaryRows: [['mean of the IDs', null, 0.5]],
        },
      ],
      figures: [{ svg: roc, caption: 'ROC' }],
    },
    { heading: 'Scores', figureColumns: 2, figures: [{ svg: histogram }, { svg: histogram, alt: 'Again' }] },
    {
      heading: 'Clips',
      sections: [
        {
          heading: 'Most anomalous',
          figures: [
            { png, caption: 'clip 7' },
            { svg: spectrogramPlot(clip, { sampleRate: 16000, hopLength: 256, fMin: 0, fMax: 8000 }) },
          ],
        },
      ],
    },
    {
      heading: 'Training',
      figures: [{ svg: linePlot([{ label: 'loss', y: [3, 2, 1] }]) }],
      fields: { epochs: 3 },
    },
  ],
  provenance: {
    seed: 20250102,
    config: { nested: { rate: 0.00012345678 }, types: ['fan', 'pump'] },
    resumed: false,
  },
};

/** The page as a tree: our HTML is XML but for its void elements and its first line. */
function parseHtml(html: string): XmlElement {
  expect(html.startsWith('<!DOCTYPE html>\n<html lang="en">')).toBe(true);
  const xml = html.replace('<!DOCTYPE html>', '').replace(/<(meta|link|img)( [^>]*)>/g, '<$1$2/>');
  return parseXml(xml.replace(/<style>[^<]*<\/style>/, ''));
}

function report(section: Partial<ReportSection>): HtmlReport {
  return { title: 'T', sections: [{ heading: 'H', ...section }] };
}

const page = htmlReport(full);
const tree = parseHtml(page);
const elements = allElements(tree);

describe('the file', () => {
  it('asks for nothing: every reference is a data URI or a place in the page', () => {
    const withoutPixels = page.replace(/data:image\/png;base64,[\w+/=]+/g, 'data:');
    expect(withoutPixels).not.toMatch(/https?:|\/\/|@import|<script|<iframe|<object/i);
    for (const { name, attributes } of elements) {
      for (const [key, value] of Object.entries(attributes)) {
        if (/^(src|href|xlink:href|data|poster|srcset|action)$/.test(key))
          expect(value).toMatch(/^(#|data:)/);
        expect(key).not.toMatch(/^on/);
        expect(`${name} ${value}`).not.toMatch(/url\((?!#)/);
      }
    }
    const policy = elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(policy?.attributes.content).toMatch(/^default-src 'none';/);
  });

  it('is the same for the same report, and small', () => {
    expect(htmlReport(full)).toBe(page);
    expect(page.length).toBeLessThan(80_000);
    expect(htmlReport({ ...full, generatedAt: undefined })).not.toContain('<time');
  });

  it('has ids once, and nothing refers to a missing one', () => {
    const ids = elements.flatMap(({ attributes }) => (attributes.id === undefined ? [] : [attributes.id]));
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...page.matchAll(/(?:url\(#|href="#|aria-labelledby=")([^)"]+)/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(10);
    for (const target of targets) expect(ids).toContain(target);
  });

  it('is accessible: headings in order, names for pictures, scopes for header cells', () => {
    const levels = elements.flatMap(({ name }) => (/^h\d$/.test(name) ? [Number(name[1])] : []));
    expect(levels).toEqual([1, 2, 2, 2, 3, 2, 2]);
    for (const { name, attributes } of elements) {
      if (name === 'th') expect(attributes.scope).toMatch(/^(row|col)$/);
      if (name === 'svg')
        expect(attributes).toMatchObject({ role: 'img', 'aria-label': expect.stringMatching(/./) });
      if (name === 'img') expect(attributes.alt).toMatch(/./);
    }
    expect(tree.attributes.lang).toBe('en');
    expect(elements.filter(({ name }) => name === 'main')).toHaveLength(1);
  });

  it('has light, dark and print styles that know the charts colours', () => {
    expect(page).toMatch(/@media screen and \(prefers-color-scheme: dark\)/);
    expect(page).toMatch(/@media print/);
    const visible = allElements(parseXml(roc)).filter(({ attributes }) => attributes['stroke-width'] !== '0');
    const strokes = visible
      .map(({ attributes }) => attributes.stroke ?? 'none')
      .filter((color) => color !== 'none');
    const colors = new Set(strokes);
    expect(colors.size).toBeGreaterThanOrEqual(3);
    for (const color of colors) expect(page).toContain(`[stroke="${color}"]`);
  });
});

describe('the contents', () => {
  it('shows title, subtitle, date, paragraphs, remarks and highlights', () => {
    expect(textsOf(tree, 'h1')).toEqual(['Evaluation of fan']);
    expect(textsOf(tree, 'time')).toEqual(['2025-03-04 05:06 UTC']);
    const paragraphs = textsOf(tree, 'p');
    expect(paragraphs).toEqual(
      expect.arrayContaining(['Serial-OE', 'First paragraph.', 'Second paragraph.', 'Note: A note.']),
    );
    expect(paragraphs).toContain('Warning: id_06 has no anomalous clips.');
    expect(textsOf(tree, 'dd')).toEqual(['93.29 %', '400']);
  });

  it('formats, aligns and sets apart table rows', () => {
    const table = elements.find(({ name }) => name === 'table')!;
    expect(textsOf(table, 'caption')).toEqual(['Per machine ID, percent']);
    const rows = allElements(table).filter(({ name }) => name === 'tr');
    expect(rows.map((row) => row.children.map((cell) => textOf(cell as XmlElement)))).toEqual([
      ['ID', 'Clips', 'AUC'],
      ['id_00', '200', '98.8'],
      ['id_02', '1234', '\u2013'],
      ['mean of the IDs', '\u2013', '50.0'],
    ]);
    expect(rows[1]!.children.map((cell) => (cell as XmlElement).attributes.class)).toEqual([
      'left',
      'right',
      'right',
    ]);
    const bodies = allElements(table).filter(({ name }) => name === 'tbody');
    expect(bodies.map(({ attributes }) => attributes.class)).toEqual([undefined, 'summary']);
  });

  it('writes numbers short by default and takes an alignment', () => {
    const columns = [{ header: 'name', align: 'center' as const }, { header: 'value' }];
    const rows = [-0.123456, 12345.678, 1e-9, 5, true, 'text'].map((value, i) => [i, value]);
    const cells = textsOf(parseHtml(htmlReport(report({ tables: [{ columns, rows }] }))), 'td');
    expect(cells).toEqual(['\u22120.1235', '12350', '1e\u22129', '5', 'yes', 'text']);
    expect(htmlReport(report({ tables: [{ columns, rows }] }))).toContain('<th scope="row" class="center">');
  });

  it('folds what the reader may open, provenance among it', () => {
    const details = elements.filter(({ name }) => name === 'details');
    expect(details.map((each) => textsOf(each, 'summary'))).toEqual([['Provenance']]);
    const folded = htmlReport({
      title: 'A',
      sections: [{ heading: 'All & one', isFolded: true, text: 'inside' }],
    });
    expect(folded).toMatch(
      /<details>\n<summary><h2[^>]*>All &amp; one<\/h2><\/summary>\n<p>inside<\/p>\n<\/details>/,
    );
  });

  it('lists provenance with dotted names and all digits', () => {
    const section = elements.find(({ attributes }) => attributes.id === 'provenance')!;
    const rows = allElements(section).filter(({ name }) => name === 'tr');
    expect(rows.slice(1).map((row) => row.children.map((cell) => textOf(cell as XmlElement)))).toEqual([
      ['seed', '20250102'],
      ['config.nested.rate', '0.00012345678'],
      ['config.types', 'fan, pump'],
      ['resumed', 'no'],
    ]);
  });

  it('links its sections where there are several', () => {
    const nav = elements.find(({ name }) => name === 'nav')!;
    expect(textsOf(nav, 'a')).toEqual(['Results', 'Scores', 'Clips', 'Training', 'Provenance']);
    expect(htmlReport(report({}))).not.toContain('<nav');
  });

  it('holds pictures with their size and name', () => {
    const image = elements.find(({ name }) => name === 'img')!;
    expect(image.attributes).toMatchObject({ width: '30', height: '24', alt: 'clip 7' });
    expect(image.attributes.src).toBe(`data:image/png;base64,${Buffer.from(png).toString('base64')}`);
    const names = elements.flatMap(({ name, attributes }) =>
      name === 'svg' ? [attributes['aria-label']] : [],
    );
    expect(names[0]).toBe('ROC curves: id_00, AUC 0.800');
    expect(names[2]).toBe('Again');
  });
});

describe('escaping', () => {
  it('shows markup in any text as text', () => {
    const html = htmlReport({
      title: nasty,
      subtitle: nasty,
      generatedAt: nasty,
      text: nasty,
      highlights: [{ label: nasty, value: nasty }],
      warnings: [nasty],
      notes: [nasty],
      sections: [
        {
          heading: nasty,
          text: nasty,
          fields: { [nasty]: nasty },
          tables: [{ caption: nasty, columns: [{ header: nasty }], rows: [[nasty]], summaryRows: [[nasty]] }],
          figures: [
            {
              svg: rocPlot([{ label: nasty, fpr: [0, 1], tpr: [0, 1] }], { title: nasty }),
              caption: nasty,
              alt: nasty,
            },
            { png, alt: nasty },
          ],
        },
        { heading: 'a' },
        { heading: 'b\u0000' },
      ],
      provenance: { [nasty]: [nasty] },
    });
    expect(html).not.toContain('<script');
    const parsed = parseHtml(html);
    for (const name of ['h1', 'h2', 'figcaption', 'caption', 'dt', 'dd'])
      expect(textsOf(parsed, name)).toContain(nasty);
    const named = allElements(parsed).filter(({ attributes }) =>
      [attributes.alt, attributes['aria-label']].includes(nasty),
    );
    expect(named.map(({ name }) => name)).toEqual(['div', 'svg', 'img']);
    expect(html).toContain('b\ufffd');
  });
});

describe('a foreign drawing', () => {
  const inline = (svg: string) => htmlReport(report({ figures: [{ svg, alt: 'x' }] }));
  const wrap = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${content}</svg>`;

  it('may be any static SVG', () => {
    const html = inline(
      `<?xml version="1.0"?>\n<!-- made by hand -->\n${wrap(
        `<defs><linearGradient id='g'><stop offset="0"/></linearGradient></defs><path fill="url(#g)" d="M0 0L9 9"/>
         <use href="#g" /><text>a &amp; b &#x3c; &#99;</text><image href="data:image/png;base64,AAAA"/>`,
      )}\n`,
    );
    const figure = allElements(parseHtml(html)).find(({ name }) => name === 'figure')!;
    const prefix = figure.attributes.id;
    expect(html).toContain(`<linearGradient id="${prefix}-g">`);
    expect(html).toContain(`<path fill="url(#${prefix}-g)" d="M0 0L9 9"/>`);
    expect(html).toContain(`<use href="#${prefix}-g"/>`);
    expect(textsOf(figure, 'text')).toEqual(['a & b < c']);
    expect(html).not.toContain('http:');
  });

  it.each([
    ['a script', wrap('<script>alert(1)</script>')],
    ['a style sheet', wrap('<style>path{}</style>')],
    ['foreign content', wrap('<foreignObject><p>x</p></foreignObject>')],
    ['a link', wrap('<a href="https://example.org">x</a>')],
    ['an event handler', wrap('<path onclick="alert(1)"/>')],
    ['an outside picture', wrap('<image href="https://example.org/x.png"/>')],
    ['an outside picture, the old way', wrap('<image xlink:href="//example.org/x.png"/>')],
    ['an encoded scheme', wrap('<use href="&#106;avascript:alert(1)"/>')],
    ['an SVG inside a data URI', wrap('<image href="data:image/svg+xml;base64,AAAA"/>')],
    ['an outside paint', wrap('<path fill="url(https://example.org/x#a)"/>')],
    ['an outside paint in a style', wrap('<path style="fill:URL( \'http://example.org\')"/>')],
    ['an escaped style', wrap('<path style="fill:u\\72l(//example.org)"/>')],
    ['an element that never ends', '<svg><g></svg>'],
    ['an end without a start', '<svg></g></svg>'],
    ['two roots', '<svg/><svg/>'],
    ['another root', '<g/>'],
    ['text around', 'hello <svg/>'],
    ['an unquoted attribute', '<svg width=9/>'],
    ['an attribute twice', '<svg width="9" width="8"/>'],
    ['an unknown entity', wrap('<text>&nbsp;</text>')],
    ['a bare ampersand', wrap('<text>a & b</text>')],
    ['a document type', `<!DOCTYPE svg [<!ENTITY a "b">]>${wrap('')}`],
    ['no drawing', '<!-- -->'],
  ])('is refused with %s', (_, svg) => {
    expect(() => inline(svg)).toThrow(RangeError);
    expect(() => inline(svg)).toThrow(
      /^report\.htmlReport: sections\[0\]\.figures\[0\]\.svg must be a well-formed static/,
    );
  });
});

describe('htmlReport refuses', () => {
  const table = (change: object) => report({ tables: [{ columns: [{ header: 'a' }], rows: [], ...change }] });
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /report must be an object/],
    ['no title', { sections: [{ heading: 'H' }] }, /title must be a string, got undefined/],
    ['an empty title', { ...report({}), title: ' ' }, /title must not be empty/],
    ['no sections', { title: 'T', sections: [] }, /sections must hold at least one entry/],
    ['a section without heading', { title: 'T', sections: [{}] }, /sections\[0\]\.heading must be a string/],
    ['a null section', { title: 'T', sections: [null] }, /sections\[0\] must be an object, got null/],
    ['a bad date', { ...report({}), generatedAt: new Date(NaN) }, /generatedAt must be a valid Date/],
    [
      'a NaN highlight',
      { ...report({}), highlights: [{ label: 'a', value: NaN }] },
      /highlights\[0\]\.value must be a finite number/,
    ],
    ['no columns', table({ columns: [] }), /tables\[0\]\.columns must hold at least one entry/],
    [
      'a short row',
      table({ rows: [['x'], []] }),
      /tables\[0\]\.rows\[1\] must have one value a column, 1, got 0/,
    ],
    ['a NaN cell', table({ rows: [[NaN]] }), /rows\[0\]\[0\] must be a finite number, got NaN\. Use null/],
    [
      'an infinite summary',
      table({ summaryRows: [[Infinity]] }),
      /summaryRows\[0\]\[0\] must be a finite number/,
    ],
    [
      'an object as cell',
      table({ rows: [[{}]] }),
      /rows\[0\]\[0\] must be a string, number, boolean or null/,
    ],
    ['another alignment', table({ columns: [{ header: 'a', align: 'top' }] }), /align must be one of/],
    [
      'negative digits',
      table({ columns: [{ header: 'a', digits: -1 }] }),
      /digits must be a whole number from 0 to 20/,
    ],
    ['rows of another kind', table({ rows: 'x' }), /rows must be an array/],
    [
      'NaN provenance',
      { ...report({}), provenance: { a: { b: NaN } } },
      /provenance\.a\.b must be a finite number/,
    ],
    [
      '4 columns of figures',
      report({ figureColumns: 4 as never }),
      /figureColumns must be one of 1, 2, 3, got 4/,
    ],
    ['no picture', report({ figures: [{} as never] }), /figures\[0\]\.svg must be a string/],
    [
      'PNG of another kind',
      report({ figures: [{ png: 'x' as never, alt: 'a' }] }),
      /png must be the bytes of a PNG/,
    ],
    [
      'other bytes',
      report({ figures: [{ png: new Uint8Array(99), alt: 'a' }] }),
      /begin with a PNG's signature/,
    ],
    [
      'a PNG without a name',
      report({ figures: [{ png }] }),
      /figures\[0\] must have an alt text or a caption/,
    ],
    [
      'an empty note',
      report({ sections: [{ heading: 'a', notes: [''] }] }),
      /sections\[0\]\.sections\[0\]\.notes\[0\]/,
    ],
  ])('%s', (_, bad, message) => {
    expect(() => htmlReport(bad as HtmlReport)).toThrow(message);
    expect(() => htmlReport(bad as HtmlReport)).toThrow(/^report\.htmlReport: /);
  });
});
