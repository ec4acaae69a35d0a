import assert from 'node:assert/strict';
import { type HtmlReport, htmlReport, spectrogramImage } from '@serial-oe/report';
import { rocPlot } from '@serial-oe/report/charts';

export function use(): void {
  const svg = rocPlot([{ label: 'fan 00', fpr: [0, 0, 1], tpr: [0, 1, 1], auc: 1 }]);
  assert.match(svg, /^<svg/);
  const png = spectrogramImage({ data: [0, 1, 2, 3], nMels: 2, nFrames: 2 });
  assert.equal(String.fromCharCode(...png.subarray(1, 4)), 'PNG');
  const report: HtmlReport = { title: 'Fans', sections: [{ heading: 'ROC', figures: [{ svg }] }] };
  assert.match(htmlReport(report), /^<!DOCTYPE html>/);
}
