"""The scores of eight clips, one after the other. Counterpart of bench/ours/score-folder.mjs, on the same model."""

from inputs import read_float32
from scoring import Scorer
from serving import serve

N_CLIPS = 8
clip = read_float32("clip.f32")
clips = [clip * (1 + i / N_CLIPS) for i in range(N_CLIPS)]
score = Scorer()


def run():
    return sum(score(each) for each in clips)


serve(check=run(), run=run, warm_up=1)
