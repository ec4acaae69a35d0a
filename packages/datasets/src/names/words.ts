/**
 * The one table of words that people write for labels and splits, in folder names, file names and manifests.
 *
 * Words stand here lower case, with `ae oe ue ss` for German letters and without accents, several words written as one
 * (`in ordnung` is `inordnung`): `readName` brings names into that form, with plurals, numbers and separators taken away.
 */
export interface WordTable {
  readonly [meaning: string]: readonly string[];
}

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** A machine as it should be, and one with a fault. */
export const LABEL_WORDS = {
  normal: list(`
    normal ok okay good healthy pass passed intact faultless flawless nonfaulty undamaged nondefective regular unremarkable
    nominal typical inlier conforming norm
    io inordnung gut gute guter gutes gutteil gutteile heil normale normaler normales normalbetrieb normalzustand
    fehlerfrei fehlerlos einwandfrei unauffaellig unbeschaedigt intakt stoerungsfrei gesund gesunde
    bon bonne sain bueno sano correcto buono conforme`),
  anomaly: list(`
    anomaly anomalie anomalies anomalous abnormal abnormality abnormalities anormal nonnormal unnormal irregular outlier
    nok notok ng nogood notgood nongood bad defect defective fault faulty failure fail failed failing broken damage damaged
    worn wornout unhealthy malfunction malfunctioning reject rejected scrap error erroneous
    anom unusual atypical faulted offnominal nonnominal nonconforming nonconformity
    unbalance imbalance misalignment leakage leaking cavitation cracked clogged clogging blockage looseness
    nio nichtinordnung nichtok schlecht schlechte schlechter schlechtteil schlechtteile defekt defekte defekter defektes
    fehler fehlerhaft fehlerhafte fehlerfall schaden schaeden beschaedigt beschaedigte schadhaft anomalien anomal abnorm
    auffaellig auffaellige kaputt kaputte mangelhaft mangel maengel ausschuss stoerung stoerungen gestoert verschlissen
    krank unwucht leckage undicht undichtigkeit kavitation riss risse verstopft verstopfung fehlausrichtung verschleiss ausfall
    anormale defaut defauts defectueux defaillance mauvais panne anomalo anomala anomalia anomalias defecto defectos
    defectuoso malo averia fallo guasto guasti difetto difettoso`),
} as const satisfies WordTable;

/** Which half of a data set. `validation` is what is held out beside the test. */
export const SPLIT_WORDS = {
  train: list('train training trn trainset trainingsdaten lernen learn entrainement entrenamiento'),
  test: list('test testing tst testset testdaten prueba'),
  validation: list(`
    val valid validation validate validating validierung validierungsdaten heldout holdout unseen calibration kalibrierung`),
} as const satisfies WordTable;

/** Parts of a published data set: a folder so named holds training and test clips, or is itself for tests. */
export const STAGE_WORDS = {
  development: list('dev devel development entwicklung'),
  evaluation: list('eval evaluation evaluate evaluierung auswertung'),
} as const satisfies WordTable;

/** Recordings of no machine, or of one without its surroundings: neither normal nor faulty. */
export const BACKGROUND_WORDS = {
  background: list(`
    noise noiseonly backgroundnoise environmentalnoise environmentnoise background ambient ambience supplemental supplement
    supplementary hintergrund hintergrundgeraeusch umgebungsgeraeusch`),
} as const satisfies WordTable;

/** DCASE's domains of one machine, before and after something about it changed. */
export const DOMAIN_WORDS = { source: ['source'], target: ['target'] } as const satisfies WordTable;

/** Chinese and Japanese, which write words without spaces: found anywhere in a name, the longest first. */
export const CJK_WORDS = {
  normal: list(
    '正常 良品 良 合格 健全 異常なし 異常無し 異常無 故障なし 故障無し 故障無 異音なし 異音無し 无异常 無異常 无故障 無故障 无缺陷',
  ),
  anomaly: list(
    '異常 异常 不良品 不良 故障 不合格 欠陥 缺陷 破損 損傷 非正常 不正常 正常でない 異音 异响 漏れ 摩耗 磨损',
  ),
  train: list('学習 訓練 训练 トレーニング'),
  test: list('テスト 試験 测试 測試 評価 评估'),
  validation: list('検証 验证 驗證 バリデーション'),
  background: list('環境音 背景音 雑音 噪声 噪音'),
} as const satisfies WordTable;

/** Words that change nothing: `normal sounds`, `NormalSound_IND`, `Fehler-Aufnahmen`. */
export const FILLER_WORDS = list(`
  sound clip audio recording record rec wav wave flac mp file data dataset set sample signal ind cnt class klasse label part
  teil teile aufnahme aufnahmen geraeusch geraeusche messung messungen daten datensatz folder ordner all only machine maschine
  maschinen state condition zustand status betrieb operation split raw the of case item product
  音 音声 録音 データ 用 品 時 声音 数据`);

/** Phrases with one of the words above that say nothing about a recording: names of machines, places, methods. */
export const NEUTRAL_PHRASES = list(`
  toytrain toyad2train toyadmos2train testrig testbench teststand testcell testfield testfacility testmachine testhall testtrack
  pruefstand anomalydetection anomaliedetection anomaloussounddetection faultdetection faultdiagnosis defectdetection
  failureanalysis anomalyscore anomalyscores normalspeed normalload normalpressure normalmode normaltemperature normalvolume
  normallevel normaldrehzahl normallast`);

/** Before a label they turn it round (`not normal`, `kein Fehler`), after it these do (`fault free`). */
export const NEGATIONS = list('no non not un nicht kein keine ohne without zero');
export const FREE_WORDS = list('free frei');

/** Short words that count only where they are the whole name of a folder or a cell: `io` is found in other names too. */
export const WEAK_WORDS = list(
  'io pass regular heil bon unseen learn valid calibration kalibrierung conforme sano bueno sain malo norm nominal typical',
);

/** Words of faults that are names of a kind, too: others may stand beside them (`broken`, `bent`, `glue`). */
export const FAULT_KINDS = list(`
  broken damage damaged worn wornout error scrap failure unbalance imbalance misalignment leakage leaking cavitation cracked
  clogged clogging blockage looseness unwucht leckage undicht undichtigkeit kavitation riss risse verstopft verstopfung
  fehlausrichtung verschleiss ausfall`);

/** How words for faults end that are written as one: `Lagerschaden`, `bearingfault`; `default` is none. */
export const FAULT_COMPOUND =
  /^(?!default$|non|zero|kein|ohne|without|nicht).{3,}(?:schaden|schaeden|defekt|fehler|verschleiss|fault|failure|damage|defect)$/;

/** What is written together with a word above and changes nothing: `Fehlerdaten`, `Normalaufnahmen`, `gooddata`. */
export const FILLER_ENDING =
  /^(.{2,})(?:daten|aufnahmen?|messung(?:en)?|geraeusche?|signale?|faelle|sounds?|data|clips?|set)$/;

/** Words that say that there are two labels, and not which of them is normal. */
export const OPEN_PAIRS: readonly (readonly [string, string])[] = [
  ['positive', 'negative'],
  ['pos', 'neg'],
  ['true', 'false'],
  ['vorher', 'nachher'],
  ['beforerepair', 'afterrepair'],
  ['vorreparatur', 'nachreparatur'],
  ['n', 'ab'],
  ['clean', 'dirty'],
];
