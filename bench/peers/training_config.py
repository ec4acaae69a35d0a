"""The configuration of a training, as ours exports it. What this peer does not do is refused, never left out in silence."""

#: Each field, with the values that are understood: None for any, else a test.
ANY = None
FIELDS = {
    "preset": ANY,
    "seed": ANY,
    "useMachineIds": ANY,
    "frontEnd": {
        "sampleRate": ANY,
        "chunkSeconds": ANY,
        "nChunks": ANY,
        "nFft": ANY,
        "winLength": ANY,
        "furtherNFfts": lambda value: value == [],
        "hopLength": ANY,
        "nMels": ANY,
        "fMin": ANY,
        "fMax": ANY,
        "melScale": lambda value: value == "htk",
        "power": ANY,
        "log": ANY,
        "logFloor": ANY,
    },
    "network": {"embeddingSize": ANY, "dropoutRate": ANY, "typeHeadStart": ANY},
    "loss": {
        "alpha": ANY,
        "useTypeLoss": ANY,
        "idLoss": lambda value: value == "bce",
        "normalization": ANY,
        "arcFaceScale": ANY,  # of no effect with this idLoss
        "arcFaceMargin": ANY,
    },
    "mixup": {"beta": ANY, "schedule": ANY},
    "batch": {
        "nNormal": ANY,
        "nOutliers": ANY,
        "nAnomalous": ANY,  # no known anomalies take part
        "microBatchSize": lambda value: value == "auto",
        "skipEverySecondGroup": ANY,
    },
    "optimization": {
        "nEpochs": ANY,
        "maxLearningRate": ANY,
        "beta2": ANY,
        "epsilon": ANY,
        "weightDecay": ANY,
        "pctStart": ANY,
        "divFactor": ANY,
        "finalDivFactor": ANY,
        "cycleMomentum": ANY,
        "scheduleLength": ANY,
    },
    "validation": {
        "fraction": ANY,
        "everyEpochs": ANY,  # of no effect where the last weights are taken
        "selection": lambda value: value == "last",
    },
    "detector": {
        "kind": ANY,  # both are scored
        "nComponents": ANY,
        "covarianceType": ANY,
        "regCovar": ANY,
        "tol": ANY,
        "maxIter": ANY,
        "nInit": ANY,
        "fitOn": lambda value: value in ("train", "all"),
    },
    "decision": {
        "aggregation": lambda value: isinstance(value, str),
        "falseAlarmRate": ANY,  # sets thresholds, which no AUC knows
    },
}


def check_config(config):
    """Raises ValueError for a field that is missing, unknown or has a value that this peer does not do."""
    check_fields(config)
    if config["validation"]["fraction"] > 0 and config["detector"]["fitOn"] != "all":
        raise ValueError("this peer fits detectors on all normal clips: detector.fitOn must be 'all' where clips are held out")


def check_fields(config, fields=FIELDS, prefix=""):
    for name in {**fields, **config}:
        path = f"{prefix}{name}"
        if name not in fields:
            raise ValueError(f"the configuration has a field that this peer does not know: {path}. Teach it, or compare without.")
        if name not in config:
            raise ValueError(f"the configuration lacks the field {path}")
        rule, value = fields[name], config[name]
        if isinstance(rule, dict):
            check_fields(value, rule, f"{path}.")
        elif rule is not ANY and not rule(value):
            raise ValueError(f"this peer does not do {path} = {value!r}")
