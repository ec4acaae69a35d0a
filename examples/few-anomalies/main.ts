// Fault detection before there is any fault, and after the first handful: what four labelled faults of a machine change, part by part,
// on test clips that nothing was set by. What they do not change is said as plainly.
// npm start -w examples/few-anomalies
import '@tensorflow/tfjs-backend-wasm';
import { level, melStatistics, modulationStatistics } from '@serial-oe/baselines';
import { type Clip, synthesizeMachineSounds, withKnownAnomalies } from '@serial-oe/datasets';
import { thresholdByCost } from '@serial-oe/decision';
import { type ClipScorer, createEnsemble, trainModel } from '@serial-oe/runtime/contract';
import { createNodePlatform } from '@serial-oe/runtime/node/files';
import { trainSerialOe } from '@serial-oe/serial-oe';
import { auc, difference, scoreAll } from './measure';

const [MACHINE_TYPE, N_KNOWN, FALSE_ALARM_RATE] = ['fan', 4, 0.01] as const;
/** A missed fault costs as much as so many false alarms; one clip in a thousand is of a fault. */
const COSTS = { falseAlarmCost: 1, missCost: 1000, anomalyRate: 0.001 };

const clips = synthesizeMachineSounds({
  ...{
    machineTypes: [MACHINE_TYPE, 'pump'],
    nIds: 2,
    nTrain: 24,
    nTestNormal: 24,
    nTestAnomalous: 24 + N_KNOWN,
  },
  ...{ durationSeconds: 3, snrDb: 3, severity: 1.5, seed: 2 },
});
// Four faults of each machine leave the test set, for all that follows, and become known.
const { dataset, trainClips: known } = withKnownAnomalies(
  { clips },
  { machineType: MACHINE_TYPE, nPerId: N_KNOWN, seed: 0 },
);
const ofType = (clip: Clip) => clip.machineType === MACHINE_TYPE;
const test = dataset.clips.filter((clip) => ofType(clip) && clip.split === 'test');
const withoutKnown = dataset.clips.filter((clip) => !known.includes(clip));
const machineIds = [...new Set(test.map(({ machineId }) => machineId))];
console.log(
  `${machineIds.length} fans, each with 24 normal clips to learn from, ${N_KNOWN} known faults; tested on ${test.length} others`,
);

// 1  Without a fault: seconds.
const members = [melStatistics, modulationStatistics, level];
const ensemble = await trainModel(createEnsemble({ name: 'ensemble', members }), {
  ...{
    clips: withoutKnown,
    machineType: MACHINE_TYPE,
    falseAlarmRate: FALSE_ALARM_RATE,
    platform: createNodePlatform(),
  },
});
const plain = await scoreAll(ensemble, test);
console.log(`\n1  no fault known: AUC ${auc(plain).toFixed(3)}`);
report('   threshold for 1 % false alarms', thresholdsOf(ensemble));

// 2  Four faults a machine and what mistakes cost: another threshold. No training, no other scores.
const ofKnown = await scoreAll(ensemble, known);
const normals = ensemble.normalScores ?? [];
const byCost = new Map(
  machineIds.map((machineId) => {
    const own = <Score extends { machineId: string; anomalyScore: number }>(scores: readonly Score[]) =>
      scores.filter((score) => score.machineId === machineId).map(({ anomalyScore }) => anomalyScore);
    return [machineId, thresholdByCost(own(normals), own(ofKnown), COSTS).threshold];
  }),
);
console.log(
  `\n2  the threshold by ${N_KNOWN} known faults a machine and by cost: the same scores, AUC as before`,
);
report(`   a miss costs ${COSTS.missCost} false alarms`, byCost);

// 3  The same faults in the training of a network. It is small and short here; the paper's is neither.
const config = { frontEnd: { nMels: 32, hopLength: 1024 }, optimization: { nEpochs: 6 }, seed: 1 };
const network = await trainSerialOe({
  dataset: { clips: withoutKnown },
  machineType: MACHINE_TYPE,
  backend: 'wasm',
  config,
});
const before = await scoreAll(network, test);
const tuned = await network.finetune({ anomalies: known });
const after = await scoreAll(tuned, test);
const { estimate, lower, upper } = difference(after, before);
console.log(
  `\n3  a network without faults: AUC ${auc(before).toFixed(3)}; tuned with ${N_KNOWN} known faults a machine: ${auc(after).toFixed(3)}`,
);
console.log(
  `   difference ${signed(estimate)}, 95 % interval over the test clips ${signed(lower)} to ${signed(upper)}`,
);
console.log(
  `   ${lower > 0 ? 'the known faults helped' : upper < 0 ? 'the known faults did harm' : 'no gain is shown: keep the network that you had'}`,
);
for (const model of [ensemble, network, tuned]) model.dispose();

function thresholdsOf(scorer: ClipScorer): Map<string, number> {
  return new Map([...(scorer.thresholds ?? [])].map(([machineId, { threshold }]) => [machineId, threshold]));
}

/** What thresholds do on the test clips. */
function report(name: string, thresholds: ReadonlyMap<string, number>): void {
  const above = (label: Clip['label']) => {
    const own = plain.filter((each) => each.label === label);
    const nAbove = own.filter(
      ({ machineId, anomalyScore }) => anomalyScore > thresholds.get(machineId)!,
    ).length;
    return `${nAbove} of ${own.length}`;
  };
  console.log(`${name.padEnd(36)} faults found ${above('anomaly')}, false alarms ${above('normal')}`);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
