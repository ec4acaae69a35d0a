"""The score of a clip by PyTorch and scikit-learn. Counterpart of bench/ours/score-clip.mjs, on the same model."""

from inputs import read_float32
from scoring import Scorer
from serving import serve

clip = read_float32("clip.f32")
score = Scorer()


def run():
    return score(clip)


serve(check=run(), run=run, warm_up=3)
