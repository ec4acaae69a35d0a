import 'uplot/dist/uPlot.min.css';
import './style.css';
import { App } from './app';
import { el, iconOf, select } from './dom';
import { droppedFiles, takeFiles } from './dropped-files';
import { TabBar } from './tab-bar';
import { TEXTS } from './texts';
import { type Theme, ThemeSetting } from './theme';
import { HistoryView } from './views/history-view';
import { LiveView } from './views/live-view';
import { MachineView } from './views/machine-view';
import { ModelPanel } from './views/model-panel';
import { RecordingsView } from './views/recordings-view';
import type { Backend } from './worker/protocol';

/** A device that is very busy fails to start a service worker now and then. */
const MAX_TRIES = 5;
const RETRY_MS = 4000;

const theme = new ThemeSetting();
const app = new App();
const live = new LiveView(app);
const recordings = new RecordingsView(app);
const history = new HistoryView(app);
const views = {
  live: live.root,
  recordings: recordings.root,
  machine: new MachineView(app).root,
  history: history.root,
};
const tabs = new TabBar(views, (tab) => {
  if (tab === 'history') void history.show();
});
app.showTab = (tab) => tabs.show(tab);
theme.onChange(() => {
  live.mel.draw();
  live.chart.rebuild();
  recordings.redraw();
});

document.title = TEXTS.page.title;
document.documentElement.lang = TEXTS.page.language;
document.body.append(header(), main());
acceptDrops();
void keepOffline();

function header(): HTMLElement {
  const texts = TEXTS.header;
  const themes = select<Theme>(texts.theme, texts.themes, (value) => {
    theme.theme = value;
  });
  themes.input.value = theme.theme;
  const backends = select<Backend>(texts.compute, texts.backends, (value) => void app.setBackend(value));
  app.onModel(() => {
    backends.input.value = app.backend;
    backends.input.disabled = app.isLoading;
  });
  const privacy = el('p', { class: 'privacy', title: texts.privacyMore }, iconOf('lock'), texts.privacy);
  const brand = el(
    'h1',
    { class: 'brand' },
    iconOf('wave'),
    el('span', {}, texts.brand),
    ' ',
    el('small', {}, texts.subtitle),
  );
  return el(
    'header',
    { class: 'top' },
    el('a', { href: '#main', class: 'skip' }, texts.skip),
    brand,
    privacy,
    el('div', { class: 'settings' }, backends.root, themes.root),
  );
}

function main(): HTMLElement {
  const offline = el('p', { class: 'muted offline', id: 'offline', role: 'status' });
  return el(
    'main',
    { id: 'main', tabindex: -1 },
    app.notices.root,
    new ModelPanel(app).root,
    tabs.root,
    ...tabs.panels,
    el('footer', {}, offline, el('p', { class: 'muted' }, TEXTS.header.privacyMore)),
  );
}

/** Models and recordings may be dropped anywhere. */
function acceptDrops(): void {
  const mark = (isOver: boolean) => document.body.classList.toggle('dropping', isOver);
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    mark(false);
    if (event.dataTransfer === null) return;
    void droppedFiles(event.dataTransfer)
      .then((files) => takeFiles(app, files))
      .catch((error) => app.notices.error(error));
  });
}

/** @throws Error where it could not fetch all files */
function installed(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'redundant') reject(new Error('the files could not be kept'));
      else if (worker.state !== 'installing') resolve();
    });
  });
}

async function keepOffline(): Promise<void> {
  const place = document.getElementById('offline')!;
  for (let nTried = 1; nTried <= MAX_TRIES; nTried++) {
    try {
      const { installing } = await navigator.serviceWorker.register('service-worker.js', { type: 'module' });
      if (installing !== null) await installed(installing);
      await navigator.serviceWorker.ready;
      place.textContent = TEXTS.offline.ready;
      place.removeAttribute('title');
      return;
    } catch (error) {
      place.textContent = TEXTS.offline.none;
      place.title = String(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * nTried));
    }
  }
}
