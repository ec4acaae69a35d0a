import { serveTrainingThread } from '../../src/node';
import { createLine, type LineSetup } from './line-method';

serveTrainingThread(async (setup: LineSetup) => createLine(setup));
