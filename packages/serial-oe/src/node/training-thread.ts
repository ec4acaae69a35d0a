// The file of a thread that trains.
import { serveTrainingThread } from '@serial-oe/training/node';
import { createOutlierExposure } from '../training/outlier-exposure';

serveTrainingThread(createOutlierExposure);
